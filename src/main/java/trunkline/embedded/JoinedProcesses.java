package trunkline.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The users of an embedded server: one locked file per process, named after it.
///
/// A count in a file would be wrong for ever after the first `kill -9`; a lock ends with its
/// process, so a file that can be locked is stale and is removed. Callers hold the folder's
/// [FolderLock], which makes "create, then lock" and "none left, so stop" safe.
final class JoinedProcesses {
  private record Own(FileChannel channel, Path file, int count) {}

  private static final Map<Path, Own> OWN = new HashMap<>();

  private final Path folder;

  JoinedProcesses(Path serverFolder) throws IOException {
    this.folder = Files.createDirectories(serverFolder.resolve("joined")).toRealPath();
  }

  void join() throws IOException {
    synchronized (OWN) {
      var own = OWN.get(folder);
      if (own == null) {
        var file = folder.resolve(ProcessHandle.current().pid() + "-" + UUID.randomUUID());
        var channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        // The folder's owner must be able to see later that root's process is gone.
        Folders.giveToOwner(file);
        channel.lock();
        own = new Own(channel, file, 0);
      }
      OWN.put(folder, new Own(own.channel, own.file, own.count + 1));
    }
  }

  void leave() throws IOException {
    synchronized (OWN) {
      var own = OWN.get(folder);
      if (own == null) {
        return;
      }
      if (own.count > 1) {
        OWN.put(folder, new Own(own.channel, own.file, own.count - 1));
        return;
      }
      OWN.remove(folder);
      own.channel.close();
      Files.deleteIfExists(own.file);
    }
  }

  /// The ids of the living processes that have joined, this one included.
  List<Long> living() throws IOException {
    var living = new ArrayList<Long>();
    synchronized (OWN) {
      var own = OWN.get(folder);
      try (var files = Files.newDirectoryStream(folder)) {
        for (var file : files) {
          // Opening and closing our own file would give our lock up.
          if ((own != null && own.file.equals(file)) || isLocked(file)) {
            living.add(pid(file));
          } else {
            Files.deleteIfExists(file);
          }
        }
      }
    }
    return living;
  }

  private static boolean isLocked(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      return lock == null;
    }
  }

  private static long pid(Path file) {
    var name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('-')));
  }
}
