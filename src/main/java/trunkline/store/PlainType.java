package trunkline.store;

import java.sql.Types;
import java.time.Instant;
import org.jooq.Converter;
import org.jspecify.annotations.Nullable;

/// The type of a converted value, as driver and server name it.
enum PlainType {
  LONG(Long.class, Types.BIGINT, "bigint"),
  INTEGER(Integer.class, Types.INTEGER, "integer"),
  TEXT(String.class, Types.VARCHAR, "text"),
  BOOLEAN(Boolean.class, Types.BOOLEAN, "boolean"),
  DOUBLE(Double.class, Types.DOUBLE, "double precision"),
  BYTES(byte[].class, Types.BINARY, "bytea"),
  INSTANT(Instant.class, Types.TIMESTAMP_WITH_TIMEZONE, "timestamptz");

  private static final PlainType[] ALL = values();

  private final Class<?> type;
  private final int code;
  private final String text;

  PlainType(Class<?> type, int code, String text) {
    this.type = type;
    this.code = code;
    this.text = text;
  }

  static PlainType of(Converter<?, ?> converter) {
    for (var plain : ALL) {
      if (plain.type == converter.fromType()) {
        return plain;
      }
    }
    throw new IllegalArgumentException("no values of " + converter.fromType() + " in a text");
  }

  /// The constant of `java.sql.Types`.
  int code() {
    return code;
  }

  /// The name in PostgreSQL.
  String text() {
    return text;
  }

  /// An array that the driver sends in binary, as it does for each of these element types; one of
  /// plain objects it would send as text, for both sides to format and parse.
  @Nullable Object[] array(int size) {
    return switch (this) {
      case LONG -> new Long[size];
      case INTEGER -> new Integer[size];
      case TEXT -> new String[size];
      case BOOLEAN -> new Boolean[size];
      case DOUBLE -> new Double[size];
      case BYTES -> new byte[size][];
      case INSTANT -> new Object[size];
    };
  }
}
