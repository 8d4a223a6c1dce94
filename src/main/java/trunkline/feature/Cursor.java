package trunkline.feature;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// The end of a page: it names the kind of list and the last feature, so every instance can go on.
record Cursor(FeatureKind kind, String after) {
  String encoded() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((kind.word() + ":" + after).getBytes(StandardCharsets.UTF_8));
  }

  /// Empty when it is no cursor of this kind of list.
  static Optional<Cursor> decode(FeatureKind kind, String encoded) {
    try {
      var text = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
      var prefix = kind.word() + ":";
      return text.startsWith(prefix)
          ? Optional.of(new Cursor(kind, text.substring(prefix.length())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
