package trunkline.welcome;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import trunkline.feature.ResourceListing;
import trunkline.page.PlainText;
import trunkline.protocol.method.Listed;

/// A prompt or a resource, in a line.
///
/// @param key by which it is asked for
/// @param title for people; empty when it has none
/// @param description empty when it has none
public record Named(String key, String title, String description) {
  private static final int KEY_MAX = 300;
  private static final int TITLE_MAX = 200;

  private static Named of(String key, @Nullable String title, @Nullable String description) {
    return new Named(
        PlainText.line(key, KEY_MAX),
        title == null ? "" : PlainText.line(title, TITLE_MAX),
        description == null ? "" : PlainText.lines(description));
  }

  static List<Named> prompts(Listed listed) {
    return listed.prompts().stream()
        .map(prompt -> of(prompt.name(), prompt.title(), prompt.description()))
        .toList();
  }

  /// Templates, too.
  static List<Named> resources(Listed listed) {
    return Stream.concat(
            listed.resources().stream().map(each -> resource(each.uri(), each.listing())),
            listed.templates().stream()
                .map(each -> resource(each.template().pattern(), each.listing())))
        .toList();
  }

  private static Named resource(String uri, ResourceListing listing) {
    return of(
        uri, listing.title() == null ? listing.name() : listing.title(), listing.description());
  }
}
