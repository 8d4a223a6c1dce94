package trunkline.feature;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// A client or a server as it describes itself. For display only: nobody checks it, and nothing is
/// to be decided by it.
///
/// ```java
/// catalog.server(
///     Implementation.of("shop", "2.1")
///         .withTitle("The shop")
///         .withWebsiteUrl("https://shop.example"));
/// ```
///
/// @param name for programs, and for people where there is no title
/// @param version of the program, in whatever form it has
/// @param title for people; since 2025-06-18
/// @param description what it is for; this and the rest since 2025-11-25
public record Implementation(
    String name,
    String version,
    @Nullable String title,
    @Nullable String description,
    @Nullable String websiteUrl,
    List<Icon> icons) {
  public Implementation {
    if (name.isBlank()) {
      throw new IllegalArgumentException("an implementation needs a name");
    }
    icons = List.copyOf(icons);
  }

  public static Implementation of(String name, String version) {
    return new Implementation(name, version, null, null, null, List.of());
  }

  public Implementation withTitle(String title) {
    return new Implementation(name, version, title, description, websiteUrl, icons);
  }

  public Implementation withDescription(String description) {
    return new Implementation(name, version, title, description, websiteUrl, icons);
  }

  /// Where people read more.
  ///
  /// @throws IllegalArgumentException when it is no http or https address
  public Implementation withWebsiteUrl(String websiteUrl) {
    if (!isWebAddress(websiteUrl)) {
      throw new IllegalArgumentException(
          "the website '" + websiteUrl + "' is no address such as https://shop.example");
    }
    return new Implementation(name, version, title, description, websiteUrl, icons);
  }

  /// One more picture.
  public Implementation withIcon(Icon icon) {
    var more = new ArrayList<>(icons);
    more.add(icon);
    return new Implementation(name, version, title, description, websiteUrl, more);
  }

  /// The newest revision's spelling.
  public ObjectNode json() {
    var json = Codec.object().put("name", name).put("version", version);
    put(json, "title", title);
    put(json, "description", description);
    put(json, "websiteUrl", websiteUrl);
    if (!icons.isEmpty()) {
      var array = json.putArray("icons");
      icons.forEach(icon -> array.add(icon.json()));
    }
    return json;
  }

  /// Reads what a stranger says of itself; empty without a name. What is malformed is left out.
  public static Optional<Implementation> from(JsonNode json) {
    var name = text(json, "name");
    if (name == null || name.isBlank()) {
      return Optional.empty();
    }
    var version = text(json, "version");
    return Optional.of(
        new Implementation(
            name,
            version == null ? "" : version,
            text(json, "title"),
            text(json, "description"),
            text(json, "websiteUrl"),
            json.path("icons").valueStream().flatMap(icon -> Icon.from(icon).stream()).toList()));
  }

  private static boolean isWebAddress(String url) {
    try {
      var address = new URI(url);
      return List.of("http", "https").contains(String.valueOf(address.getScheme()))
          && address.getHost() != null;
    } catch (URISyntaxException _) {
      return false;
    }
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static @Nullable String text(JsonNode json, String name) {
    return json.path(name).isString() ? json.path(name).stringValue() : null;
  }
}
