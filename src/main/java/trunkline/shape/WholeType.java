package trunkline.shape;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.stream.Stream;

/// Java's integers.
enum WholeType {
  BYTE(byte.class, Byte.class, Byte.MIN_VALUE, Byte.MAX_VALUE) {
    @Override
    Object of(BigInteger value) {
      return value.byteValueExact();
    }
  },
  SHORT(short.class, Short.class, Short.MIN_VALUE, Short.MAX_VALUE) {
    @Override
    Object of(BigInteger value) {
      return value.shortValueExact();
    }
  },
  INT(int.class, Integer.class, Integer.MIN_VALUE, Integer.MAX_VALUE) {
    @Override
    Object of(BigInteger value) {
      return value.intValueExact();
    }
  },
  LONG(long.class, Long.class, Long.MIN_VALUE, Long.MAX_VALUE) {
    @Override
    Object of(BigInteger value) {
      return value.longValueExact();
    }
  },
  BIG(BigInteger.class, BigInteger.class, Bounds.NONE) {
    @Override
    Object of(BigInteger value) {
      return value;
    }
  };

  private final Class<?> type;
  private final Class<?> boxed;

  @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
  final Bounds natural;

  WholeType(Class<?> type, Class<?> boxed, long min, long max) {
    this(type, boxed, Bounds.between(BigDecimal.valueOf(min), BigDecimal.valueOf(max)));
  }

  WholeType(Class<?> type, Class<?> boxed, Bounds natural) {
    this.type = type;
    this.boxed = boxed;
    this.natural = natural;
  }

  static Optional<WholeType> find(Class<?> type) {
    return Stream.of(values()).filter(each -> each.type == type || each.boxed == type).findFirst();
  }

  abstract Object of(BigInteger value);
}
