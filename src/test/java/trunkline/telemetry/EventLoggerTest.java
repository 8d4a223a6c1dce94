package trunkline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EventLoggerTest {
  private final Logger log = (Logger) LoggerFactory.getLogger("trunkline.events");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final EventLogger logger = new EventLogger();

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

  @Test
  void what_happens_with_every_message_is_not_logged() {
    logger.emit(new ServerEvent.MessagesPublished(1, 0, 1));
    logger.emit(new ServerEvent.InstanceBeat(1, 300));

    assertThat(lines.list).isEmpty();
  }
}
