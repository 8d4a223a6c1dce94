package trunkline.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestDatabase;

class SignalsTest {

  /// Goal: opening and closing, also while the listener is just connecting, leaves nothing behind;
  /// that no connection stays is checked after each test.
  @Test
  void signals_can_be_closed_at_any_moment(TestDatabase db) throws Exception {
    for (var turn = 0; turn < 10; turn++) {
      try (var threads = Executors.newSingleThreadExecutor();
          var party = new Party(1, db.settings(), SignalPolicy.of(NotifyMode.IF_POSSIBLE))) {
        var started = threads.submit(party.signals::start);
        if (turn % 2 == 0) {
          started.get();
        }
        party.signals.close();
        started.get();
        assertThat(party.signals.pace().interval())
            .isLessThanOrEqualTo(PollPolicy.DEFAULT.idleMax());
      }
    }
  }
}
