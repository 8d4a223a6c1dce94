package trunkline.adapter.annotated;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A value of another server's type, read by the names of its parts.
record Parts(Object value) {
  String kind() {
    return value.getClass().getSimpleName();
  }

  Optional<Object> find(String part) {
    try {
      var found = value.getClass().getMethod(part).invoke(value);
      return found instanceof Optional<?> optional
          ? optional.map(Object.class::cast)
          : Optional.ofNullable(found);
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + part + " of a " + kind(), e);
    }
  }

  @Nullable String text(String part) {
    return find(part).map(Object::toString).orElse(null);
  }

  String require(String part) {
    return find(part)
        .map(Object::toString)
        .orElseThrow(() -> new IllegalStateException("a " + kind() + " without " + part));
  }

  List<?> list(String part) {
    return find(part).map(found -> (List<?>) found).orElse(List.of());
  }

  boolean is(String part) {
    return find(part).map(Boolean.class::cast).orElse(false);
  }
}
