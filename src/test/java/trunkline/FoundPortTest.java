package trunkline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.config.ServerConfig;
import trunkline.feature.Catalog;
import trunkline.http.PortTaken;
import trunkline.telemetry.ServerEvent;
import trunkline.telemetry.ServerEvent.InstanceRegistered;
import trunkline.testing.TestDatabase;

/// Goal: a free port that somebody takes between finding it and listening on it keeps nobody from
/// serving. Method: as soon as an instance says where it will be, we are there.
class FoundPortTest {
  private final TestDatabase db;
  private final List<ServerSocket> taken = new ArrayList<>();

  FoundPortTest(TestDatabase db) {
    this.db = db;
  }

  private ServerConfig config(int port) {
    return ServerConfig.of(
        Map.of(
            "port",
            String.valueOf(port),
            "host",
            "127.0.0.1",
            "database-url",
            db.url(),
            "database-user",
            db.user(),
            "database-password",
            db.password()));
  }

  private void take(ServerEvent event, int times) {
    if (event instanceof InstanceRegistered(_, var url) && taken.size() < times) {
      try {
        taken.add(new ServerSocket(URI.create(url).getPort(), 1, InetAddress.getLoopbackAddress()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void another_one_is_found() throws Exception {
    try (var server = Server.start(config(0), Catalog.builder().build(), event -> take(event, 1))) {
      assertThat(taken).hasSize(1);
      assertThat(server.port()).isPositive().isNotEqualTo(taken.getFirst().getLocalPort());
      assertThat(
              db.sql(
                      "select state from trunkline.instance_directory order by instance_id desc limit 2")
                  .column())
          .containsExactly("ready", "left");
    }
  }

  @Test
  void not_for_ever() throws Exception {
    assertThatThrownBy(
            () -> Server.start(config(0), Catalog.builder().build(), event -> take(event, 9)))
        .isInstanceOf(PortTaken.class);
    assertThat(taken).hasSize(3);
  }

  @Test
  void a_port_that_was_asked_for_is_the_one_or_none() throws Exception {
    int free;
    try (var found = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = found.getLocalPort();
    }
    assertThatThrownBy(
            () -> Server.start(config(free), Catalog.builder().build(), event -> take(event, 9)))
        .isInstanceOf(PortTaken.class)
        .hasMessageContaining(String.valueOf(free));
    assertThat(taken).hasSize(1);
  }

  @AfterEach
  void close() throws IOException {
    for (var socket : taken) {
      socket.close();
    }
  }
}
