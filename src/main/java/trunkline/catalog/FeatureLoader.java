package trunkline.catalog;

import java.io.IOException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.feature.Catalog;
import trunkline.feature.CatalogProvider;
import trunkline.feature.Settings;

/// Turns the value of `--features` into a catalog: names of providers on the class path, paths of
/// jars and of folders of jars, of which all providers are taken.
public final class FeatureLoader {
  private static final Logger LOG = LoggerFactory.getLogger(FeatureLoader.class);

  private FeatureLoader() {}

  /// Finds the providers and lets them build one catalog.
  ///
  /// @param features comma-separated, such as `sample,/opt/tools/orders.jar`
  /// @throws FeaturesUnknown in words that an operator can act on
  public static Catalog load(String features) {
    return load(Arrays.asList(features.split(",", -1)), Map.of());
  }

  /// Finds the providers and lets them build one catalog, in this order.
  ///
  /// @param features names, paths of jars and of folders; one given twice counts once
  /// @param settings of all of them, each by its provider's name, a dot and its key
  /// @throws FeaturesUnknown in words that an operator can act on
  public static Catalog load(List<String> features, Map<String, String> settings) {
    var builder = Catalog.builder();
    try {
      return catalog(builder, picked(builder, features), Settings.of(settings));
    } catch (RuntimeException | LinkageError e) {
      builder.discard(problem -> LOG.warn("what was opened was not closed", problem));
      throw e;
    }
  }

  private static List<CatalogProvider> picked(Catalog.Builder builder, List<String> features) {
    var known = providers(ServiceLoader.load(CatalogProvider.class));
    List<CatalogProvider> picked = new ArrayList<>();
    for (var entry : features.stream().map(String::strip).distinct().toList()) {
      if (known.containsKey(entry)) {
        picked.add(known.get(entry));
      } else if (entry.endsWith(".jar")) {
        picked.addAll(fromJars(builder, Path.of(entry), List.of(Path.of(entry))));
      } else if (!entry.isEmpty() && Files.isDirectory(Path.of(entry))) {
        picked.addAll(fromJars(builder, Path.of(entry), jarsIn(Path.of(entry))));
      } else {
        throw unknown(entry, known.keySet());
      }
    }
    return picked;
  }

  /// A program that embeds us has none but its own: `sample` comes with the command line.
  static FeaturesUnknown unknown(String entry, Set<String> known) {
    return new FeaturesUnknown(
        known.isEmpty()
            ? "no features are called '%s', and none are on the class path: start the server with a catalog, or give the path of a .jar or of a folder with some"
                .formatted(entry)
            : "no features are called '%s'; known are %s, or give the path of a .jar or of a folder with some"
                .formatted(entry, String.join(", ", known)));
  }

  private static Catalog catalog(
      Catalog.Builder builder, List<CatalogProvider> providers, Settings settings) {
    for (var provider : providers) {
      open(provider, settings.under(provider.name()));
      if (hasWhatToClose(provider)) {
        builder.closing(provider::close);
      }
      provider.addTo(builder);
    }
    requireAsked(settings);
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new FeaturesUnknown(
          "the features %s don't go together: %s"
              .formatted(providers.stream().map(CatalogProvider::name).toList(), e.getMessage()));
    }
  }

  private static void open(CatalogProvider provider, Settings settings) {
    try {
      provider.open(settings);
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new FeaturesUnknown(
          "the features %s cannot be opened: %s"
              .formatted(provider.name(), e.getMessage() == null ? e.toString() : e.getMessage()),
          e);
    }
  }

  /// Any other may be served again after it was closed.
  private static boolean hasWhatToClose(CatalogProvider provider) {
    try {
      var close = provider.getClass().getMethod("close");
      return !close.getDeclaringClass().equals(CatalogProvider.class);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e); // each has it, or inherits it
    }
  }

  /// A setting that is misspelt and silently ignored is found out in production.
  private static void requireAsked(Settings settings) {
    var unasked = settings.unasked();
    if (!unasked.isEmpty()) {
      var asked = settings.asked();
      throw new FeaturesUnknown(
          "no features ask for the setting %s; %s"
              .formatted(
                  String.join(", ", unasked),
                  asked.isEmpty()
                      ? "there are none that have any"
                      : "there are " + String.join(", ", asked)));
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

  /// A folder's jars see each other, so what they need may lie beside them; a single jar names it
  /// in its manifest (`Class-Path`). The class loader is the last that is closed: handlers load
  /// their classes as they go.
  private static List<CatalogProvider> fromJars(
      Catalog.Builder builder, Path named, List<Path> jars) {
    for (var jar : jars) {
      if (!Files.isReadable(jar)) {
        throw new FeaturesUnknown("cannot read the features' jar " + jar.toAbsolutePath());
      }
    }
    try {
      var loader =
          new URLClassLoader(
              jars.stream().map(FeatureLoader::url).toArray(URL[]::new),
              FeatureLoader.class.getClassLoader());
      builder.closing(loader);
      var own =
          ServiceLoader.load(CatalogProvider.class, loader).stream()
              .filter(provider -> loader.equals(provider.type().getClassLoader()))
              .map(ServiceLoader.Provider::get)
              .toList();
      if (own.isEmpty()) {
        throw new FeaturesUnknown(
            "%s names no provider in META-INF/services/%s"
                .formatted(named.toAbsolutePath(), CatalogProvider.class.getName()));
      }
      return own;
    } catch (ServiceConfigurationError e) {
      throw new FeaturesUnknown("cannot load features of " + named + ": " + e.getMessage(), e);
    }
  }

  private static List<Path> jarsIn(Path folder) {
    try (var files = Files.list(folder)) {
      var jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      if (jars.isEmpty()) {
        throw new FeaturesUnknown("the folder " + folder.toAbsolutePath() + " has no .jar");
      }
      return jars;
    } catch (IOException e) {
      throw new FeaturesUnknown(
          "cannot read the features' folder " + folder.toAbsolutePath() + ": " + e.getMessage(), e);
    }
  }

  private static URL url(Path jar) {
    URI uri = jar.toUri();
    try {
      return uri.toURL();
    } catch (MalformedURLException e) {
      throw new FeaturesUnknown("cannot load features of " + jar + ": " + e.getMessage());
    }
  }
}
