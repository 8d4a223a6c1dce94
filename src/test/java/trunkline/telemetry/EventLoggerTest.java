package trunkline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EventLoggerTest {
  private final Logger log = (Logger) LoggerFactory.getLogger("trunkline.events");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong clock = new AtomicLong();
  private final EventLogger logger = new EventLogger(clock::get);

  @BeforeEach
  void listen() {
    lines.start();
    log.setLevel(Level.INFO);
    log.addAppender(lines);
  }

  @AfterEach
  void stop() {
    log.detachAppender(lines);
    log.setLevel(null);
  }

  @Test
  void an_event_is_words_and_its_values_are_pairs() {
    logger.emit(new ServerEvent.StreamClosed(3, 20, 30, 4, "client left"));

    assertThat(lines.list)
        .singleElement()
        .satisfies(line -> {
          assertThat(line.getLevel()).isEqualTo(Level.INFO);
          assertThat(line.getMessage()).isEqualTo("stream closed");
          assertThat(line.getKeyValuePairs())
              .extracting(pair -> pair.key + "=" + pair.value)
              .containsExactly(
                  "instance=3", "session=20", "stream=30", "epoch=4", "reason=client left");
        });
  }

  @Test
  void an_event_that_names_no_instance_gets_ours() {
    logger.emit(new ServerEvent.InstanceRegistered(7, "http://127.0.0.1:8080/mcp"));
    lines.list.clear();

    logger.emit(new ServerEvent.SessionEnded(20, "deleted"));

    assertThat(lines.list)
        .singleElement()
        .satisfies(line ->
            assertThat(line.getKeyValuePairs())
                .extracting(pair -> pair.key + "=" + pair.value)
                .contains("instance=7"));
  }

  /// Goal: a thing that fails for ever, because of a row or an outage, does not fill the log.
  @Test
  void a_failure_that_repeats_is_told_ever_more_seldom_with_the_number_of_the_untold() {
    for (var second = 0; second < 3_600; second++) {
      clock.set(TimeUnit.SECONDS.toNanos(second));
      logger.emit(new ServerEvent.SweepFailed("orphans", "a bad row"));
      logger.emit(new ServerEvent.SweepFailed("orphans", "a bad row"));
    }

    assertThat(lines.list).hasSizeBetween(10, 20);
    assertThat(lines.list.getFirst().getKeyValuePairs()).noneMatch(p -> p.key.equals("untold"));
    var untold =
        lines.list.stream()
            .flatMap(line -> line.getKeyValuePairs().stream())
            .filter(pair -> pair.key.equals("untold"))
            .mapToLong(pair -> (Long) pair.value)
            .sum();
    assertThat(untold + lines.list.size()).isBetween(6_000L, 7_200L);
  }

  @Test
  void another_failure_is_told_at_once_and_the_same_after_a_long_quiet_too() {
    logger.emit(new ServerEvent.SweepFailed("orphans", "a bad row"));
    logger.emit(new ServerEvent.SweepFailed("slots", "a bad row"));
    logger.emit(new ServerEvent.HeartbeatFailed("away"));
    clock.set(TimeUnit.HOURS.toNanos(1));
    logger.emit(new ServerEvent.SweepFailed("orphans", "a bad row"));

    assertThat(lines.list).hasSize(4);
  }

  /// Goal: things without end have no memory without end.
  @Test
  void failures_of_a_hundred_thousand_things_are_told_as_those_of_one() {
    for (var i = 0; i < 100_000; i++) {
      logger.emit(new ServerEvent.SweepFailed("sweep " + i, "a bad row"));
    }

    assertThat(lines.list).hasSizeLessThan(1_002);
  }

  @Test
  void what_happens_with_every_message_is_not_logged() {
    logger.emit(new ServerEvent.MessagesPublished(1, 0, 1));
    logger.emit(new ServerEvent.InstanceBeat(1, 300));

    assertThat(lines.list).isEmpty();
  }
}
