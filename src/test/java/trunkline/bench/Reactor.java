package trunkline.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// One thread that holds any number of connections, so that the load takes as little as possible of
/// the machine that it shares with what is measured.
final class Reactor implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 * 1024;

  private final Selector selector;
  private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final Thread thread;
  private volatile boolean over;

  Reactor() throws IOException {
    selector = Selector.open();
    thread = Thread.ofPlatform().name("load").daemon().start(this::loop);
  }

  /// Connects, and reads from now on.
  Wire connect(InetSocketAddress address) throws IOException {
    var wire = Wire.to(address);
    var _ = call(() -> reading(wire)).join();
    return wire;
  }

  /// The same, in the thread of the connections.
  Wire connectHere(InetSocketAddress address) throws IOException {
    return reading(Wire.to(address));
  }

  private Wire reading(Wire wire) throws IOException {
    wire.unblock();
    wire.channel().register(selector, SelectionKey.OP_READ, wire);
    return wire;
  }

  /// Runs in the thread of the connections.
  void run(Runnable errand) {
    errands.add(errand);
    selector.wakeup();
  }

  /// Whatever the thread had to do before is done when this returns.
  void settle() {
    var done = new CompletableFuture<Void>();
    run(() -> done.complete(null));
    var _ = done.orTimeout(Patience.SECONDS, TimeUnit.SECONDS).join();
  }

  private interface Act<T> {
    T act() throws IOException;
  }

  private <T> CompletableFuture<T> call(Act<T> act) {
    var done = new CompletableFuture<T>();
    run(() -> {
      try {
        done.complete(act.act());
      } catch (IOException e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  private void loop() {
    while (!over) {
      try {
        selector.select(this::ready);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      for (var errand = errands.poll(); errand != null; errand = errands.poll()) {
        errand.run();
      }
    }
  }

  private void ready(SelectionKey key) {
    var wire = (Wire) key.attachment();
    try {
      if (!wire.read(buffer)) {
        key.cancel();
        wire.broken(new EOFException("the server closed the connection"));
      }
    } catch (IOException | RuntimeException e) {
      key.cancel();
      wire.broken(e);
    }
  }

  @Override
  public void close() {
    over = true;
    selector.wakeup();
    try {
      thread.join();
      for (var key : selector.keys()) {
        ((Wire) key.attachment()).close();
      }
      selector.close();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException _) {
      // gone either way
    }
  }
}
