package trunkline.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import trunkline.telemetry.LogText;

/// Log lines for machines: an object a line, whose names are API (`src/main/docs/log.md`). JSON
/// escapes a line feed itself and has no need to escape what only a terminal minds; that is done to
/// the finished line, which holds such characters in its texts only.
public final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final byte[] NOTHING = {};

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line =
        LogText.escaped(JSON.writeValueAsString(object(new CleanEvent(event, LogText::cut))));
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode object(ILoggingEvent event) {
    var line =
        JSON.createObjectNode()
            .put("timestamp", Instant.ofEpochMilli(event.getTimeStamp()).toString())
            .put("level", event.getLevel().toString())
            .put("logger", event.getLoggerName())
            .put("thread", event.getThreadName())
            .put("message", event.getFormattedMessage());
    var fields = Objects.requireNonNullElse(event.getKeyValuePairs(), List.<KeyValuePair>of());
    if (!fields.isEmpty()) {
      var object = line.putObject("fields");
      fields.forEach(pair -> object.put(pair.key, String.valueOf(pair.value)));
    }
    if (!event.getMDCPropertyMap().isEmpty()) {
      event.getMDCPropertyMap().forEach(line.putObject("context")::put);
    }
    if (event.getThrowableProxy() != null) {
      describe(event.getThrowableProxy(), line.putObject("exception"));
    }
    return line;
  }

  private static void describe(IThrowableProxy thrown, ObjectNode exception) {
    exception
        .put("type", thrown.getClassName())
        .put("message", thrown.getMessage())
        .put("trace", ThrowableProxyUtil.asString(thrown));
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
