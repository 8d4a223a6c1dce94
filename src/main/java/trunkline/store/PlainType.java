package trunkline.store;

import java.sql.Types;
import java.time.Instant;
import org.jooq.Converter;

/// What values are once they are converted, as driver and server call it.
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

  /// Of `java.sql.Types`.
  int code() {
    return code;
  }

  /// In PostgreSQL's words.
  String text() {
    return text;
  }
}
