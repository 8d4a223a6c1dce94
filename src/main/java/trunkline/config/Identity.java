package trunkline.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.feature.Catalog;
import trunkline.feature.Icon;
import trunkline.feature.Implementation;
import trunkline.protocol.wire.ServerIdentity;

/// What the operator says of the server; the rest is said by its catalog, or by nobody.
///
/// @param instructions replace those of all catalogs
public record Identity(
    Optional<String> name,
    Optional<String> title,
    Optional<String> version,
    Optional<String> description,
    Optional<URI> website,
    Optional<URI> icon,
    Optional<String> instructions) {

  static Identity read(OptionParser values) {
    var text = values.text(Option.INSTRUCTIONS);
    var file = values.file(Option.INSTRUCTIONS_FILE);
    if (text.isPresent() && file.isPresent()) {
      throw new Refusal("give --instructions or --instructions-file, not both");
    }
    return new Identity(
        values.text(Option.SERVER_NAME),
        values.text(Option.SERVER_TITLE),
        values.text(Option.SERVER_VERSION),
        values.text(Option.SERVER_DESCRIPTION),
        values.url(Option.SERVER_WEBSITE),
        values.url(Option.SERVER_ICON),
        text.or(
            () -> file.map(path -> TextFile.read("the instructions", path.toString()).strip())));
  }

  /// What clients are told.
  ///
  /// @param productVersion of Trunkline, where nobody says the server's
  public ServerIdentity of(Catalog catalog, String productVersion) {
    var said = catalog.server().orElseGet(() -> nameless(productVersion));
    return new ServerIdentity(over(said), instructions.or(catalog::instructions).orElse(null));
  }

  private Implementation over(Implementation said) {
    var shown =
        new Implementation(
            name.orElse(said.name()),
            version.orElse(said.version()),
            or(title, said.title()),
            or(description, said.description()),
            or(website.map(URI::toString), said.websiteUrl()),
            icon.isPresent() ? List.of() : said.icons());
    return icon.map(picture -> shown.withIcon(new Icon(picture.toString()))).orElse(shown);
  }

  /// A server that has a name is not introduced as Trunkline.
  private Implementation nameless(String productVersion) {
    var bare = Implementation.of("trunkline", productVersion);
    return name.isPresent()
        ? bare
        : bare.withTitle("Trunkline")
            .withDescription("An MCP server that scales out on PostgreSQL");
  }

  private static @Nullable String or(Optional<String> said, @Nullable String otherwise) {
    return said.isPresent() ? said.get() : otherwise;
  }
}
