package trunkline.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/// One holder at a time of a folder, among the threads of this process and among processes.
///
/// The operating system forgets a process's file locks when it dies, so `kill -9` leaves none
/// behind. Java adds the threads' half: a process that locks a file twice is refused, and closing
/// any channel of the file gives the lock up, so only the holder of the thread lock touches the
/// file.
final class FolderLock implements AutoCloseable {
  private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock threads;
  private final FileChannel channel;

  private FolderLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  /// Waits until the folder is ours.
  static FolderLock take(Path folder) throws IOException {
    var file = folder.toRealPath().resolve("lock");
    var threads = THREADS.computeIfAbsent(file, _ -> new ReentrantLock());
    threads.lock();
    try {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        channel.lock();
        return new FolderLock(threads, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      threads.unlock();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      threads.unlock();
    }
  }
}
