package trunkline.console;

import java.util.Arrays;
import java.util.Optional;

/// What a page is about that is named by a number: `42`, or a part of it, `42/messages`.
///
/// @param part empty for the whole
record Address(long number, String part) {
  /// @param parts that there are
  static Optional<Address> of(String path, String... parts) {
    var words = path.split("/", 2);
    var part = words.length > 1 ? words[1] : "";
    var isThere = part.isEmpty() ? words.length == 1 : Arrays.asList(parts).contains(part);
    return isThere && words[0].matches("[0-9]{1,18}")
        ? Optional.of(new Address(Long.parseLong(words[0]), part))
        : Optional.empty();
  }

  boolean isWhole() {
    return part.isEmpty();
  }
}
