package trunkline.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import trunkline.store.DatabaseSettings;
import trunkline.telemetry.ServerEvent.CanaryMissed;
import trunkline.telemetry.ServerEvent.CanaryReturned;
import trunkline.telemetry.ServerEvent.ListenerConnected;
import trunkline.telemetry.ServerEvent.ListenerLost;
import trunkline.telemetry.ServerEvent.WakeModeChanged;
import trunkline.telemetry.ServerEvent.WakesHeard;
import trunkline.testing.Proxy;
import trunkline.testing.TestDatabase;

class NotificationListenerTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration AT_ONCE = Duration.ZERO;

  /// Goal: a listener that was killed comes back, and whoever waits looks for what it missed.
  @Test
  void a_killed_listener_comes_back_and_rings_everybody(TestDatabase db) throws Exception {
    try (var party = Party.listening(1, db.settings());
        var bell = party.doorbells().subscribe(Topic.STREAM, 7)) {
      party.events.await(ListenerConnected.class);
      assertThat(bell.bell().await(AT_ONCE)).isFalse();

      assertThat(db.terminateBackends("trunkline-listen")).isEqualTo(1);

      party.events.await(ListenerLost.class);
      assertThat(bell.bell().await(SOON)).isTrue();
      party.events.await(ListenerConnected.class);
      assertThat(party.signals.mode()).isEqualTo(WakeMode.NOTIFY);
      assertThat(party.events.all(WakeModeChanged.class).stream().map(WakeModeChanged::mode))
          .containsExactly("notify", "polling", "notify");
    }
  }

  /// Goal: a direct URL on which LISTEN succeeds and nothing ever comes is found at start. Method:
  /// listen in another database, which looks the same as a transaction pooler.
  @Test
  void a_path_that_never_delivers_is_found_at_start(TestDatabase db) throws Exception {
    try (var elsewhere = TestDatabase.create()) {
      var deaf = withDirectUrl(db.settings(), elsewhere.url());

      assertThatThrownBy(() -> Party.listening(1, deaf))
          .isInstanceOf(NotifyRequired.class)
          .hasMessageContaining("--database-direct-url");

      try (var party = new Party(1, deaf, SignalPolicy.of(NotifyMode.IF_POSSIBLE))) {
        party.signals.start();

        assertThat(party.signals.mode()).isEqualTo(WakeMode.POLLING);
        party.events.await(ListenerLost.class);
        party.events.await(ListenerLost.class);
        assertThat(party.events.all(WakeModeChanged.class))
            .as("one warning, however often it tries")
            .singleElement()
            .matches(e -> e.mode().equals("polling"));
      }
      elsewhere.requireQuiet(SOON);
    }
  }

  /// Goal: a connection over which nothing comes any more is found, though nothing tells so.
  /// Method: a proxy that swallows what the server sends; the canary goes another way.
  @Test
  void a_silent_path_is_found_by_the_canary(TestDatabase db) throws Exception {
    var server = URI.create(db.url().substring("jdbc:".length()));
    try (var proxy = new Proxy(server.getHost(), server.getPort());
        var party =
            Party.listening(
                1,
                withDirectUrl(
                    db.settings(),
                    "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + db.name()));
        var bell = party.doorbells().subscribe(Topic.STREAM, 7)) {
      assertThat(party.signals.pace().interval()).isGreaterThan(Duration.ofMillis(400));
      party.events.clear();
      proxy.links().forEach(link -> link.weather().silenceToClient());

      party.events.await(CanaryMissed.class);
      assertThat(party.signals.pace().interval())
          .as("doubtful: polls fast")
          .isLessThanOrEqualTo(Duration.ofMillis(400));
      party.events.await(CanaryMissed.class);
      party.events.await(ListenerLost.class);
      party.events.await(ListenerConnected.class);
      assertThat(bell.bell().await(AT_ONCE)).isTrue();
      assertThat(party.signals.mode()).isEqualTo(WakeMode.NOTIFY);
    }
  }

  @Test
  void an_unreachable_direct_url_is_a_reason_to_refuse(TestDatabase db) {
    var nowhere = withDirectUrl(db.settings(), "jdbc:postgresql://127.0.0.1:1/none");

    assertThatThrownBy(() -> Party.listening(1, nowhere))
        .isInstanceOf(NotifyRequired.class)
        .hasMessageContaining("refused");
  }

  @Test
  void a_fenced_instance_hears_on_its_new_channel_only(TestDatabase db) throws Exception {
    try (var party = Party.listening(1, db.settings());
        var two = Party.listening(2, db.settings());
        var bell = party.doorbells().subscribe(Topic.STREAM, 7)) {
      party.signals.moveTo(new InstanceId(3));
      party.events.await(ListenerConnected.class, e -> e.instance() == 3);
      assertThat(bell.bell().await(AT_ONCE)).as("what came in between").isTrue();

      two.waker().wake(new InstanceId(1), List.of(new Wake(Topic.STREAM, 7)));
      two.waker().wake(new InstanceId(3), List.of(new Wake(Topic.STREAM, 8)));
      party.events.await(WakesHeard.class);

      assertThat(bell.bell().await(AT_ONCE)).isFalse();
    }
  }

  /// Goal: while the pool cannot send canaries the listener is doubted, but not cut.
  @Test
  void a_canary_that_could_not_be_sent_does_not_cut_the_listener(TestDatabase db) throws Exception {
    try (var party = Party.listening(1, db.settings())) {
      party.events.await(CanaryReturned.class);
      try (var held = db.open()) {
        held.setAutoCommit(false);
        TestDatabase.run(held, "select pg_notify('trunkline_all', '')");
        assertThat(db.terminateBackends("trunkline-layers%")).isPositive();
        party.events.clear();
      }
      party.events.await(CanaryReturned.class);

      assertThat(party.events.all(CanaryMissed.class)).isEmpty();
      assertThat(party.events.all(ListenerLost.class)).isEmpty();
    }
  }

  static DatabaseSettings withDirectUrl(DatabaseSettings settings, String directUrl) {
    return new DatabaseSettings(
        settings.url(),
        directUrl,
        settings.user(),
        settings.password(),
        settings.poolSize(),
        settings.connectTimeout(),
        settings.socketTimeout());
  }
}
