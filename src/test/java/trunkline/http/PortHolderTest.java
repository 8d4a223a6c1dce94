package trunkline.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PortHolderTest {
  private static final Pattern PORT = Pattern.compile("port (\\d+)");

  @Test
  void a_taken_port_names_the_process_that_has_it() throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var other =
        new ProcessBuilder(java, "-m", "jdk.httpserver", "-b", "127.0.0.1", "-p", "0")
            .redirectErrorStream(true)
            .start();
    try (var said = other.inputReader()) {
      var port =
          said.lines()
              .map(PORT::matcher)
              .filter(line -> line.find())
              .map(line -> Integer.parseInt(line.group(1)))
              .findFirst()
              .orElseThrow();

      assertThatThrownBy(() -> Binding.of("127.0.0.1", port))
          .isInstanceOf(PortTaken.class)
          .hasMessageEndingWith("in use by process " + other.pid() + " (java)");
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void a_port_of_this_process_says_so_and_a_free_one_nothing() throws IOException {
    int port;
    try (var own = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
      port = own.getLocalPort();
      assertThat(PortHolder.of(port)).contains("this process itself");
    }
    assertThat(PortHolder.of(port)).isEmpty();
  }
}
