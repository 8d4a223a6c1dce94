package trunkline.protocol.around;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import trunkline.store.DatabaseBusy;

/// A client that hears nothing for a while gives its call up, also after an outage of the database.
class HeartbeatTest {
  private static final Duration INTERVAL = Duration.ofMillis(1);

  /// A run that has always been quiet for long enough, whose first sign is not stored.
  private static final class Quiet implements Timed {
    final CountDownLatch beats = new CountDownLatch(2);

    @Override
    public boolean wantsProgress() {
      return true;
    }

    @Override
    public Duration quiet() {
      return INTERVAL;
    }

    @Override
    public void beat() {
      beats.countDown();
      if (beats.getCount() > 0) {
        throw new DatabaseBusy("locked", new SQLException());
      }
    }

    @Override
    public boolean isDetached() {
      return false;
    }

    @Override
    public void giveUp(String said) {
      throw new AssertionError("nobody gives it up");
    }
  }

  @Test
  void a_sign_that_could_not_be_stored_is_not_the_last() throws Exception {
    var quiet = new Quiet();
    try (var _ = new Heartbeat.Beats(quiet, INTERVAL)) {
      assertThat(quiet.beats.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
