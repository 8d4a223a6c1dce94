package trunkline.shape;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.format.Format;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a Java type is spelled in a string: the keywords that say so, and both directions.
///
/// Where JSON Schema's own format and Java differ, the format means what Java can hold, within the
/// standard: see [#format(Spelling)].
enum Spelling {
  DATE(LocalDate.class, "date", "", "^\\d{4}-\\d\\d-\\d\\d$", "a date such as 2026-11-29") {
    @Override
    Object value(String text) {
      return LocalDate.parse(text);
    }
  },
  TIME(LocalTime.class, "", "^" + Clock.TIME + "$", "a time such as 14:30 or 14:30:15") {
    @Override
    Object value(String text) {
      return LocalTime.parse(text);
    }
  },
  DATE_TIME(
      LocalDateTime.class,
      "date-time-local",
      "^\\d{4}-\\d{2}-\\d{2}T" + Clock.TIME + "$",
      "a date and time without offset such as 2026-11-29T14:30:00") {
    @Override
    Object value(String text) {
      return LocalDateTime.parse(text);
    }
  },
  INSTANT(Instant.class, "date-time", "", Clock.WITH_OFFSET) {
    @Override
    Object value(String text) {
      return Clock.withOffset(text).toInstant();
    }
  },
  OFFSET_DATE_TIME(OffsetDateTime.class, "date-time", "", Clock.WITH_OFFSET) {
    @Override
    Object value(String text) {
      return Clock.withOffset(text);
    }

    @Override
    String print(Object value) {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format((OffsetDateTime) value);
    }
  },
  DURATION(
      Duration.class,
      "",
      "^-?P(?=[\\dT])(\\d{1,9}D)?(T(?=\\d)(\\d{1,12}H)?(\\d{1,12}M)?(\\d{1,12}(\\.\\d{1,9})?S)?)?$",
      "a duration such as PT1H30M or P2D") {
    @Override
    Object value(String text) {
      return Duration.parse(text);
    }

    // `-PT1M30S`, where Java writes `PT-1M-30S`.
    @Override
    String print(Object value) {
      var duration = (Duration) value;
      return duration.isNegative() ? "-" + duration.negated() : duration.toString();
    }
  },
  UNIQUE_ID(
      UUID.class,
      "uuid",
      "",
      "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
      "a UUID such as 8b4f9a52-3c1d-4e6f-9a70-1b2c3d4e5f60") {
    @Override
    Object value(String text) {
      return UUID.fromString(text);
    }
  },
  ADDRESS(URI.class, "uri", "", "^[!-~]+$", "an absolute URI such as https://example.org/") {
    @Override
    Object value(String text) throws URISyntaxException {
      var uri = new URI(text);
      if (!uri.isAbsolute()) {
        throw new URISyntaxException(text, "relative");
      }
      return uri;
    }

    @Override
    String print(Object value) {
      return ((URI) value).toASCIIString();
    }
  },
  BYTES(
      byte[].class,
      "",
      "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
      "bytes in base64") {
    @Override
    Object value(String text) {
      return Base64.getDecoder().decode(text);
    }

    @Override
    String print(Object value) {
      return Base64.getEncoder().encodeToString((byte[]) value);
    }
  };

  private final Class<?> type;
  private final @Nullable Pattern grammar;

  /// Empty when it has none.
  final String format;

  /// Empty when it has none.
  final String pattern;

  final String encoding;

  /// With an example.
  final String noun;

  Spelling(Class<?> type, String format, String pattern, String noun) {
    this(type, format, pattern, pattern, noun);
  }

  /// @param grammar what the schema need not say, where it says the format
  Spelling(Class<?> type, String format, String pattern, String grammar, String noun) {
    this.type = type;
    this.format = format;
    this.pattern = pattern;
    this.grammar = grammar.isEmpty() ? null : Regex.compiled(grammar);
    this.encoding = type == byte[].class ? "base64" : "";
    this.noun = noun;
  }

  static Optional<Spelling> find(Class<?> type) {
    return Stream.of(values()).filter(each -> each.type == type).findFirst();
  }

  /// The formats of JSON Schema, as we judge them.
  static Stream<Format> formats() {
    return Stream.of(DATE, DATE_TIME, INSTANT, UNIQUE_ID, ADDRESS).map(Spelling::format);
  }

  /// Reads a string.
  ///
  /// @return null when it is not spelled so
  @Nullable Object parse(String text) {
    if (grammar != null && !grammar.matcher(text).find()) {
      return null;
    }
    try {
      return value(text);
    } catch (DateTimeException | URISyntaxException | IllegalArgumentException _) {
      return null;
    }
  }

  abstract Object value(String text) throws URISyntaxException;

  String print(Object value) {
    return value.toString();
  }

  private static Format format(Spelling spelling) {
    return new Format() {
      @Override
      public String getName() {
        return spelling.format;
      }

      @Override
      public boolean matches(ExecutionContext context, String value) {
        return spelling.parse(value) != null;
      }
    };
  }

  /// The parts that several have in common.
  private static final class Clock {
    static final String TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?";
    static final String WITH_OFFSET =
        "a date and time with offset such as 2026-11-29T14:30:00Z or 2026-11-29T14:30:00+01:00";

    private static final Pattern RFC_3339 =
        Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\d)[Tt](\\d\\d:\\d\\d:\\d\\d)(?:(\\.\\d{1,9})\\d*)?"
                + "([Zz]|[+-]\\d\\d:\\d\\d)");

    /// RFC 3339 without its leap seconds. Fractions beyond nanoseconds are cut.
    static OffsetDateTime withOffset(String text) {
      var parts = RFC_3339.matcher(text);
      if (!parts.matches()) {
        throw new IllegalArgumentException(text);
      }
      var fraction = parts.group(3) == null ? "" : parts.group(3);
      var offset = parts.group(4).replace('z', 'Z');
      return OffsetDateTime.parse(parts.group(1) + "T" + parts.group(2) + fraction + offset);
    }
  }
}
