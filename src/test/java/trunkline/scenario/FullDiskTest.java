package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trunkline.testing.SmallDisk;
import trunkline.testing.TestCluster;
import trunkline.testing.TestServer;

/// The disk of the tables is full, and somebody makes room (G3). The write-ahead log is elsewhere:
/// a server that cannot write that crashes, and is back when it can, as in
/// [trunkline.chaos.ChaosTest].
@Tag("cluster")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class FullDiskTest {
  private static final int MEGABYTES = 64;
  private static final int MESSAGES = 100;
  private static final String BIG = "x".repeat(20_000);

  @Test
  void what_is_sent_meanwhile_waits_and_comes(@TempDir Path folder) throws Exception {
    try (var disk = SmallDisk.mount(folder.resolve("disk"), MEGABYTES);
        var server = TestServer.start(folder.resolve("server"), Map.of())) {
      var space = disk.folder("space", server.dataFolder());
      server.database().sql("create tablespace small location '" + space + "'");
      var db = server.database("small", "small");
      try (var cluster = new TestCluster(db).with("lease", "3s");
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var a = cluster.start("a");
        var b = cluster.start("b");
        try (var client = Trio.connectedTo(a);
            var stream = client.on(a).get().sse()) {
          Trio.send(b, client, "before");
          assertThat(stream.nextLog()).isEqualTo("before");
          disk.fill();
          var sent =
              threads.submit(() -> {
                for (var i = 0; i < MESSAGES; i++) {
                  Trio.send(b, client, i + " " + BIG);
                }
              });
          assertThatThrownBy(() -> sent.get(5, TimeUnit.SECONDS))
              .as("two megabytes do not fit")
              .isInstanceOf(TimeoutException.class);
          assertThat(client.on(a).request("ping").result()).isEmpty();

          disk.clear();

          for (var i = 0; i < MESSAGES; i++) {
            assertThat(stream.nextLog()).startsWith(i + " ");
          }
          sent.get(Trio.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
      }
    }
  }
}
