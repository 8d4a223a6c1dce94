package trunkline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How fast clients are sent away: ten thousand must not come back in one second.
class EmptyingTest {
  @ParameterizedTest
  @CsvSource({
    "10000,     0, 15,     0",
    "10000,   500, 15,   500",
    "10000,  1000, 15,  1000", // at most a thousand in a second
    "10000,  9999, 15,  9999",
    "10000, 10000, 15, 10000",
    "   10,    20, 15,    10", // a few wait for nobody
    "50000,  1000, 10,  5000", // and there is an end
    "50000, 10000, 10, 50000",
    "  100,     0,  0,   100",
    "    0,     0, 15,     0"
  })
  void closes_evenly(int streams, long millis, long timeoutSeconds, int closed) {
    var due =
        Emptying.due(
            streams, Duration.ofMillis(millis).toNanos(), Duration.ofSeconds(timeoutSeconds));

    assertThat(due).isEqualTo(closed);
  }

  @ParameterizedTest
  @CsvSource({"100, -1"})
  void closes_all_when_there_is_no_time(int streams, long timeoutSeconds) {
    assertThat(Emptying.due(streams, 0, Duration.ofSeconds(timeoutSeconds))).isEqualTo(streams);
  }
}
