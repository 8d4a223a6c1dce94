package trunkline.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Many sessions at once, for what is measured with them.
final class NewSessions {
  private static final int AT_ONCE = 32;

  private NewSessions() {}

  /// So many sessions' ids.
  static List<String> open(InetSocketAddress server, int count) throws Exception {
    return made(server, count, false);
  }

  /// Sessions that have made a call each.
  static List<String> used(InetSocketAddress server, int count) throws Exception {
    return made(server, count, true);
  }

  private static List<String> made(InetSocketAddress server, int count, boolean used)
      throws Exception {
    List<Callable<List<String>>> shares = new ArrayList<>();
    for (var share = 0; share < AT_ONCE; share++) {
      var size = count / AT_ONCE + (share < count % AT_ONCE ? 1 : 0);
      shares.add(() -> share(server, size, used));
    }
    List<String> ids = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var share : threads.invokeAll(shares)) {
        ids.addAll(share.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    return ids;
  }

  private static List<String> share(InetSocketAddress server, int count, boolean used)
      throws IOException {
    List<String> ids = new ArrayList<>();
    try (var wire = Wire.to(server)) {
      for (var session = 0; session < count; session++) {
        var id = Text.of(wire, Requests.initialize()).require().header("Mcp-Session-Id");
        ids.add(id);
        if (used) {
          var _ = Text.of(wire, Requests.initialized(id)).require();
          var _ = Text.of(wire, Requests.echo(id)).require();
        }
      }
    }
    return ids;
  }
}
