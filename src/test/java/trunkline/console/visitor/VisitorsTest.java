package trunkline.console.visitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.http.Pages.Visit;

/// Who sits at this machine; that a proxy's are others is in `ConsoleTest`.
class VisitorsTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.8.8.8, true",
    "::1, true",
    "::ffff:127.0.0.1, true",
    "0.0.0.0, false",
    "192.168.0.1, false",
    "::ffff:192.0.2.1, false",
    "fe80::1, false"
  })
  void only_who_sits_at_this_machine_looks(String peer, boolean may) {
    var visit =
        new Visit(
            "GET", "/console/", Map.of(), _ -> List.of(), InetAddress.ofLiteral(peer), Map.of());

    assertThat(Visitors.refusal(visit).isEmpty()).isEqualTo(may);
  }
}
