package trunkline.signal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PromptSocketsTest {
  private ServerSocket listening;
  private Socket socket;
  private Socket other;

  @BeforeEach
  void connect() throws Exception {
    listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    socket = new PromptSockets().createSocket();
    socket.connect(listening.getLocalSocketAddress());
    other = listening.accept();
  }

  @AfterEach
  void close() throws Exception {
    other.close();
    socket.close();
    listening.close();
  }

  @Test
  void a_probe_ends_at_once_when_nothing_has_arrived() throws Exception {
    var in = socket.getInputStream();
    socket.setSoTimeout(1);
    var start = System.nanoTime();

    for (var probe = 0; probe < 1_000; probe++) {
      assertThatThrownBy(() -> in.read(new byte[8])).isInstanceOf(SocketTimeoutException.class);
      assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void a_probe_reads_what_has_arrived() throws Exception {
    var in = socket.getInputStream();
    other.getOutputStream().write("ab".getBytes(US_ASCII));
    assertThat(in.read()).isEqualTo('a');
    socket.setSoTimeout(1);

    assertThat(in.read()).isEqualTo('b');
  }

  @Test
  void any_other_read_waits() throws Exception {
    socket.setSoTimeout(10_000);
    var in = socket.getInputStream();
    var writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                other.getOutputStream().write('c');
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });

    assertThat(in.read()).isEqualTo('c');
    writer.join();
  }

  @Test
  void a_closed_connection_is_an_end_and_no_time_out() throws Exception {
    var in = socket.getInputStream();
    other.close();

    assertThat(in.read()).isEqualTo(-1);
  }
}
