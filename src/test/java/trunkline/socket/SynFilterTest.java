package trunkline.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class SynFilterTest {
  private static final int PATIENCE = 20_000;

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void who_is_in_stays_and_of_those_who_come_only_the_exempt_one_is_heard(String address)
      throws IOException {
    var loopback = InetAddress.ofLiteral(address);
    try (var listening = new ServerSocket(0, 10, loopback);
        var in = new Socket();
        var stranger = new Socket();
        var exempt = new Socket()) {
      listening.setSoTimeout(PATIENCE);
      SocketAddress door = listening.getLocalSocketAddress();
      in.connect(door, PATIENCE);
      exempt.bind(new InetSocketAddress(loopback, 0));

      assertThat(
              SynFilter.attach(
                  ListeningSockets.at(listening.getLocalPort()),
                  List.of(1, exempt.getLocalPort(), 2)))
          .isTrue();

      assertThatThrownBy(() -> stranger.connect(door, 300))
          .isInstanceOf(SocketTimeoutException.class);
      exempt.connect(door, PATIENCE);
      for (var client : List.of(in, exempt)) {
        try (var accepted = listening.accept()) {
          assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
          client.getOutputStream().write('x');
          assertThat(accepted.getInputStream().read()).isEqualTo('x');
          accepted.getOutputStream().write('y');
          assertThat(client.getInputStream().read()).isEqualTo('y');
        }
      }
    }
  }
}
