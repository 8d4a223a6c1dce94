package trunkline.cli;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;
import trunkline.telemetry.LogText;

/// Log lines for machines: an object a line. JSON escapes a line feed itself and has no need to
/// escape what only a terminal minds; that is done to the finished line, which holds such
/// characters in its texts only. Named in `logback.xml`.
public final class JsonLines extends JsonEncoder {
  @Override
  public byte[] encode(ILoggingEvent event) {
    var line =
        new String(super.encode(new CleanEvent(event, LogText::cut)), StandardCharsets.UTF_8);
    return (LogText.escaped(line.stripTrailing()) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
