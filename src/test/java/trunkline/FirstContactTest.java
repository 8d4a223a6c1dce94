package trunkline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;

/// Goal: a start waits for a database that serves in a moment, and for nothing else. Method: a
/// listener that answers one connection after the other as PostgreSQL does.
class FirstContactTest {
  private static final String SILENCE = "";

  @Test
  void what_passes_is_waited_for_and_what_does_not_is_said() throws Exception {
    var answers = List.of("57P03", SILENCE, "53300", "28P01");

    assertThat(met(answers, FirstContact.PATIENT)).isEqualTo(new Met(4, "28P01"));
    assertThat(met(List.of("57P03"), FirstContact.AT_ONCE)).isEqualTo(new Met(1, "57P03"));
    assertThat(met(List.of("3D000"), FirstContact.PATIENT)).isEqualTo(new Met(1, "3D000"));
  }

  /// @param connections that were made
  /// @param state of the failure that was said
  private record Met(int connections, String state) {}

  private static Met met(List<String> answers, FirstContact contact) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var door = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      var answering = threads.submit(() -> answer(door, answers));
      var url = "jdbc:postgresql://127.0.0.1:" + door.getLocalPort() + "/x?sslmode=disable";
      var second = Duration.ofSeconds(1);
      var settings =
          new DatabaseSettings(url, url, "me", new Password.Literal("x"), 4, second, second);

      var state = new ArrayList<String>();
      assertThatThrownBy(() -> contact.with(new Connections(settings)))
          .isInstanceOfSatisfying(SQLException.class, e -> state.add(e.getSQLState()));
      return new Met(answering.get(), state.getFirst());
    }
  }

  private static int answer(ServerSocket door, List<String> answers) throws IOException {
    var held = new ArrayList<Socket>();
    for (var state : answers) {
      var socket = door.accept();
      held.add(socket);
      if (!state.equals(SILENCE)) {
        refuse(socket, state);
      }
    }
    for (var socket : held) {
      socket.close();
    }
    return held.size();
  }

  private static void refuse(Socket socket, String state) throws IOException {
    var in = new DataInputStream(socket.getInputStream());
    in.readNBytes(in.readInt() - Integer.BYTES); // the startup message
    var fields = new ByteArrayOutputStream();
    for (var field : List.of("SFATAL", "VFATAL", "C" + state, "Mno", "")) {
      fields.write(field.getBytes(UTF_8));
      fields.write(0);
    }
    var out = new DataOutputStream(socket.getOutputStream());
    out.writeByte('E');
    out.writeInt(Integer.BYTES + fields.size());
    fields.writeTo(out);
    out.flush();
  }
}
