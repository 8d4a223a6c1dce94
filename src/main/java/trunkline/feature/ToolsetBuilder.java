package trunkline.feature;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Describes a toolset: a part of a catalog that is served at a path of its own, `/mcp/NAME`, as a
/// server of its own. A feature may be in any number of them; it is one feature, with one switch
/// and one key, wherever it is found.
public final class ToolsetBuilder {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  final String name;
  final List<String> instructions = new ArrayList<>();
  @Nullable Implementation server;
  private final Catalog.Builder catalog;
  private final Set<Feature> features = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Predicate<? super Feature>> picks = new ArrayList<>();

  ToolsetBuilder(String name, Catalog.Builder catalog) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a toolset cannot be called '%s': its name is a part of a path, 1 to 64 letters, digits, _ and -"
              .formatted(name));
    }
    this.name = name;
    this.catalog = catalog;
  }

  /// Features of this toolset, which are in the whole catalog as well.
  public ToolsetBuilder add(Feature... added) {
    for (var feature : added) {
      features.add(feature);
      catalog.join(feature);
    }
    return this;
  }

  /// Features that the whole catalog does not serve, unless it is given them too.
  public ToolsetBuilder addOnly(Feature... added) {
    for (var feature : added) {
      features.add(feature);
      catalog.keepApart(feature);
    }
    return this;
  }

  /// All of the whole catalog of which this is true, whoever adds them: by their names, say.
  public ToolsetBuilder pick(Predicate<? super Feature> wanted) {
    picks.add(wanted);
    return this;
  }

  /// What the server calls itself here; else it is as in the whole. Options do not change it. Where
  /// several say it, the first counts.
  public ToolsetBuilder server(Implementation implementation) {
    if (server == null) {
      server = implementation;
    }
    return this;
  }

  /// A paragraph for the model. Those of the whole are not shown here: they may be about features
  /// that are missing.
  public ToolsetBuilder instructions(String paragraph) {
    instructions.add(paragraph);
    return this;
  }

  /// @param shared whether the whole catalog serves it
  boolean wants(Feature feature, boolean shared) {
    return features.contains(feature)
        || (shared && picks.stream().anyMatch(pick -> pick.test(feature)));
  }
}
