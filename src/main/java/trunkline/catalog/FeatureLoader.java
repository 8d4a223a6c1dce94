package trunkline.catalog;

import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import trunkline.feature.Catalog;
import trunkline.feature.CatalogProvider;

/// Turns the value of `--features` into a catalog: names of providers on the class path, and paths
/// of jars, of which all providers are taken.
public final class FeatureLoader {
  private FeatureLoader() {}

  /// Finds the providers and lets them build one catalog.
  ///
  /// @param features comma-separated, such as `sample,/opt/tools/orders.jar`
  /// @throws FeaturesUnknown in words that an operator can act on
  public static Catalog load(String features) {
    return load(Arrays.asList(features.split(",", -1)));
  }

  /// Finds the providers and lets them build one catalog, in this order.
  ///
  /// @param features names and paths of jars; one given twice counts once
  /// @throws FeaturesUnknown in words that an operator can act on
  public static Catalog load(List<String> features) {
    var known = providers(ServiceLoader.load(CatalogProvider.class));
    List<CatalogProvider> picked = new ArrayList<>();
    for (var entry : features.stream().map(String::strip).distinct().toList()) {
      if (entry.endsWith(".jar")) {
        picked.addAll(fromJar(Path.of(entry)));
      } else if (known.containsKey(entry)) {
        picked.add(known.get(entry));
      } else {
        throw unknown(entry, known.keySet());
      }
    }
    return catalog(picked);
  }

  /// A program that embeds us has none but its own: `sample` comes with the command line.
  static FeaturesUnknown unknown(String entry, Set<String> known) {
    return new FeaturesUnknown(
        known.isEmpty()
            ? "no features are called '%s', and none are on the class path: start the server with a catalog, or give the path of a .jar"
                .formatted(entry)
            : "no features are called '%s'; known are %s, or give the path of a .jar"
                .formatted(entry, String.join(", ", known)));
  }

  private static Catalog catalog(List<CatalogProvider> providers) {
    var catalog = Catalog.builder();
    for (var provider : providers) {
      provider.addTo(catalog);
    }
    try {
      return catalog.build();
    } catch (IllegalArgumentException e) {
      throw new FeaturesUnknown(
          "the features %s don't go together: %s"
              .formatted(providers.stream().map(CatalogProvider::name).toList(), e.getMessage()),
          e);
    }
  }

  private static Map<String, CatalogProvider> providers(ServiceLoader<CatalogProvider> loader) {
    Map<String, CatalogProvider> byName = new LinkedHashMap<>();
    for (var provider : loader) {
      if (byName.putIfAbsent(provider.name(), provider) != null) {
        throw new FeaturesUnknown("two providers are called '" + provider.name() + "'");
      }
    }
    return byName;
  }

  /// The class loader stays open: handlers load their classes as they go, as long as the server
  /// runs.
  @SuppressWarnings("resource")
  private static List<CatalogProvider> fromJar(Path jar) {
    if (!Files.isReadable(jar)) {
      throw new FeaturesUnknown("cannot read the features' jar " + jar.toAbsolutePath());
    }
    try {
      var loader = new URLClassLoader(new URL[] {url(jar)}, FeatureLoader.class.getClassLoader());
      var own =
          ServiceLoader.load(CatalogProvider.class, loader).stream()
              .filter(provider -> loader.equals(provider.type().getClassLoader()))
              .map(ServiceLoader.Provider::get)
              .toList();
      if (own.isEmpty()) {
        throw new FeaturesUnknown(
            "%s names no provider in META-INF/services/%s"
                .formatted(jar.toAbsolutePath(), CatalogProvider.class.getName()));
      }
      return own;
    } catch (ServiceConfigurationError e) {
      throw new FeaturesUnknown("cannot load features of " + jar + ": " + e.getMessage(), e);
    }
  }

  private static URL url(Path jar) {
    URI uri = jar.toUri();
    try {
      return uri.toURL();
    } catch (MalformedURLException e) {
      throw new FeaturesUnknown("cannot load features of " + jar + ": " + e.getMessage(), e);
    }
  }
}
