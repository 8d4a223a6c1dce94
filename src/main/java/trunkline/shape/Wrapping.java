package trunkline.shape;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// In what a component holds its value.
enum Wrapping {
  NONE(null, Object.class) {
    @Override
    @Nullable Object wrap(@Nullable Object value) {
      return value;
    }

    @Override
    @Nullable Object unwrap(Object held) {
      return held;
    }
  },
  OPTIONAL(Optional.class, Object.class) {
    @Override
    Object wrap(@Nullable Object value) {
      return Optional.ofNullable(value);
    }

    @Override
    @Nullable Object unwrap(Object held) {
      return ((Optional<?>) held).orElse(null);
    }
  },
  OPTIONAL_INT(OptionalInt.class, int.class) {
    @Override
    Object wrap(@Nullable Object value) {
      return value == null ? OptionalInt.empty() : OptionalInt.of((int) value);
    }

    @Override
    @Nullable Object unwrap(Object held) {
      var optional = (OptionalInt) held;
      return optional.isPresent() ? (Object) optional.getAsInt() : null;
    }
  },
  OPTIONAL_LONG(OptionalLong.class, long.class) {
    @Override
    Object wrap(@Nullable Object value) {
      return value == null ? OptionalLong.empty() : OptionalLong.of((long) value);
    }

    @Override
    @Nullable Object unwrap(Object held) {
      var optional = (OptionalLong) held;
      return optional.isPresent() ? (Object) optional.getAsLong() : null;
    }
  },
  OPTIONAL_DOUBLE(OptionalDouble.class, double.class) {
    @Override
    Object wrap(@Nullable Object value) {
      return value == null ? OptionalDouble.empty() : OptionalDouble.of((double) value);
    }

    @Override
    @Nullable Object unwrap(Object held) {
      var optional = (OptionalDouble) held;
      return optional.isPresent() ? (Object) optional.getAsDouble() : null;
    }
  };

  private final @Nullable Class<?> holder;
  private final Class<?> held;

  Wrapping(@Nullable Class<?> holder, Class<?> held) {
    this.holder = holder;
    this.held = held;
  }

  static Wrapping of(Class<?> type) {
    return Stream.of(values()).filter(each -> each.holder == type).findFirst().orElse(NONE);
  }

  /// The type of the value that a use of the holder holds.
  Use inside(Use use) {
    return switch (this) {
      case NONE -> use;
      case OPTIONAL -> {
        if (use.arguments().isEmpty()) {
          throw new IllegalArgumentException("an Optional of what, is not said");
        }
        yield use.arguments().getFirst();
      }
      case OPTIONAL_INT, OPTIONAL_LONG, OPTIONAL_DOUBLE -> Use.of(held);
    };
  }

  /// @param value null when it is absent
  abstract @Nullable Object wrap(@Nullable Object value);

  /// @return null when it is absent
  abstract @Nullable Object unwrap(Object held);
}
