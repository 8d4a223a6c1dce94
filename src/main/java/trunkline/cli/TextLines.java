package trunkline.cli;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import trunkline.telemetry.LogText;

/// Log lines for people: whatever is logged, and by whom, it is one line, but for stack traces.
public final class TextLines extends PatternLayoutEncoder {
  @Override
  public byte[] encode(ILoggingEvent event) {
    return super.encode(new CleanEvent(event, LogText::line));
  }
}
