package trunkline.feature;

import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// The user's reaction to a form, or to the wish to open a web page.
public sealed interface ElicitResult<T> {
  /// Filled in; the value has the requested form. Or agreed to open the page, no more.
  record Accepted<T>(T value) implements ElicitResult<T> {}

  /// Refused.
  record Declined<T>() implements ElicitResult<T> {}

  /// Went away without a choice.
  record Cancelled<T>() implements ElicitResult<T> {}

  /// Reads a client's answer.
  ///
  /// @param content makes the value of an accepted one
  /// @throws ClientRequestFailed when it is no answer
  static <T> ElicitResult<T> read(JsonNode answer, Function<JsonNode, T> content) {
    return switch (answer.path("action").asString("")) {
      case "accept" -> new Accepted<>(content.apply(answer.path("content")));
      case "decline" -> new Declined<>();
      case "cancel" -> new Cancelled<>();
      default ->
          throw new ClientRequestFailed(
              ClientRequestFailed.Reason.MALFORMED,
              "the client's answer is malformed: its action is not accept, decline or cancel");
    };
  }

  default Optional<T> accepted() {
    return switch (this) {
      case Accepted<T>(var value) -> Optional.of(value);
      case Declined<T>() -> Optional.empty();
      case Cancelled<T>() -> Optional.empty();
    };
  }

  default <U> ElicitResult<U> map(Function<T, U> change) {
    return switch (this) {
      case Accepted<T>(var value) -> new Accepted<>(change.apply(value));
      case Declined<T>() -> new Declined<>();
      case Cancelled<T>() -> new Cancelled<>();
    };
  }
}
