package trunkline.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.telemetry.ServerEvent.CanaryMissed;
import trunkline.telemetry.ServerEvent.CanaryReturned;
import trunkline.testing.TestDatabase;

/// A canary travels with somebody else's statement, and proves no less for it.
@Timeout(60)
class CanaryTest {

  @Test
  void a_look_takes_it_along_while_it_is_heard(TestDatabase db) throws Exception {
    try (var party = Party.listening(1, db.settings())) {
      for (var time = 0; time < 2; time++) {
        var canary = offered(party.signals.lookout());
        party.events.clear();
        db.sql("select pg_notify(?, ?)", canary.channel(), canary.word());
        canary.sent();

        party.events.await(CanaryReturned.class);
      }
    }
  }

  @Test
  void it_goes_by_itself_when_no_look_comes_or_the_look_fails(TestDatabase db) throws Exception {
    try (var party = Party.listening(1, db.settings())) {
      party.signals.lookout().looked(System.nanoTime()); // the only one
      party.events.clear();
      party.events.await(CanaryReturned.class);

      offered(party.signals.lookout()).failUnlessSent();
      party.events.clear();
      party.events.await(CanaryReturned.class);
      assertThat(party.events.all(CanaryMissed.class)).isEmpty();
    }
  }

  @Test
  void one_that_was_sent_and_does_not_return_is_missed(TestDatabase db) throws Exception {
    try (var party = Party.listening(1, db.settings())) {
      offered(party.signals.lookout()).sent();

      party.events.await(CanaryMissed.class);
    }
  }

  private static Canary offered(Lookout lookout) {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    var canary = Optional.<Canary>empty();
    while (canary.isEmpty() && System.nanoTime() - until < 0) {
      lookout.looked(System.nanoTime());
      Thread.onSpinWait();
      canary = lookout.takeAlong();
    }
    return canary.orElseThrow();
  }
}
