package trunkline.feature;

import java.util.Optional;
import java.util.function.Function;

/// What the user did with a form.
public sealed interface Elicited<T> {
  /// Filled in; the value has the form that was asked for.
  record Accepted<T>(T value) implements Elicited<T> {}

  /// Said no.
  record Declined<T>() implements Elicited<T> {}

  /// Went away without saying anything.
  record Cancelled<T>() implements Elicited<T> {}

  default Optional<T> accepted() {
    return switch (this) {
      case Accepted<T>(var value) -> Optional.of(value);
      case Declined<T>() -> Optional.empty();
      case Cancelled<T>() -> Optional.empty();
    };
  }

  default <U> Elicited<U> map(Function<T, U> change) {
    return switch (this) {
      case Accepted<T>(var value) -> new Accepted<>(change.apply(value));
      case Declined<T>() -> new Declined<>();
      case Cancelled<T>() -> new Cancelled<>();
    };
  }
}
