package trunkline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.Meters.Watched;

class MetersTest {
  private final Meters meters = new Meters();

  @Test
  void what_was_published_and_delivered_can_be_read() {
    meters.emit(new ServerEvent.MessagesPublished(999, 1, 2_000_000));
    meters.emit(new ServerEvent.MessagesDelivered(7, 600, false, 1_500));
    meters.emit(new ServerEvent.MessagesDelivered(7, 400, true, 1_500));

    assertThat(meters.scrape().orElseThrow())
        .contains(
            "trunkline_messages_published_total 999.0",
            "trunkline_messages_refused_total 1.0",
            "trunkline_messages_delivered_total 1000.0",
            "trunkline_messages_replayed_total 400.0",
            "trunkline_publish_batch_messages_sum 1000.0",
            "trunkline_publish_seconds_count 1",
            "trunkline_publish_seconds_bucket{le=\"0.002\"} 1");
  }

  @Test
  void what_should_stay_zero_is_there_from_the_start() {
    for (var name :
        List.of(
            "trunkline_listener_lost_total",
            "trunkline_canary_missed_total",
            "trunkline_sweep_found_total",
            "trunkline_instances_declared_dead_total",
            "trunkline_pending_late_total",
            "trunkline_pending_expired_total",
            "trunkline_sessions_open")) {
      assertThat(meters.scrape().orElseThrow()).contains("\n" + name + " 0.0\n");
    }
  }

  @Test
  void sessions_streams_and_questions_are_counted_by_reason() {
    meters.emit(new ServerEvent.SessionOpened(1, "2025-11-25"));
    meters.emit(new ServerEvent.SessionsCounted(5));
    meters.emit(new ServerEvent.SessionEnded(1, "deleted"));
    meters.emit(new ServerEvent.SessionLookedUp(true, 300));
    meters.emit(new ServerEvent.StreamOpened(1, 2, 3, 4));
    meters.emit(new ServerEvent.StreamOpened(1, 2, 4, 1));
    meters.emit(new ServerEvent.StreamClosed(1, 2, 3, 4, "client left"));
    meters.emit(new ServerEvent.ClientAsked(1, 2, "elicitation/create"));
    meters.emit(new ServerEvent.QuestionVoided("expired"));
    meters.emit(new ServerEvent.FoundBySweep(3, 1_500));
    meters.emit(new ServerEvent.CanaryReturned(1, 900));

    assertThat(meters.scrape().orElseThrow())
        .contains(
            "trunkline_sessions_opened_total{revision=\"2025-11-25\"} 1.0",
            "trunkline_sessions_open 5.0",
            "trunkline_sessions_ended_total{reason=\"deleted\"} 1.0",
            "trunkline_session_lookups_total{found=\"true\",source=\"database\"} 1.0",
            "trunkline_session_lookup_seconds_count 1",
            "trunkline_streams_opened_total 2.0",
            "trunkline_streams_closed_total{reason=\"client left\"} 1.0",
            "trunkline_pending_asked_total{method=\"elicitation/create\"} 1.0",
            "trunkline_pending_expired_total 1.0",
            "trunkline_sweep_found_total 3.0",
            "trunkline_canary_roundtrip_seconds_count 1");
  }

  @Test
  void two_servers_in_one_process_do_not_add_up() {
    var other = new Meters();
    other.emit(new ServerEvent.MessagesPublished(1, 0, 1));
    other.watch(Watched.TENURE_LEFT, () -> 7.5);

    assertThat(other.scrape().orElseThrow()).contains("trunkline_tenure_left_seconds 7.5");
    assertThat(meters.scrape().orElseThrow())
        .contains("trunkline_messages_published_total 0.0")
        .doesNotContain("tenure_left");
  }
}
