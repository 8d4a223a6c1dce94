package trunkline.feature;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;

/// A catalog's own settings, as an operator gives them: `--set shop.url=https://…` on the command
/// line, `TRUNKLINE_SET_SHOP_URL` in the environment, `set.shop.url=` in the configuration file.
/// The catalog `shop` asks for `url`.
///
/// ```java
/// url = URI.create(settings.require("url"));
/// limit = settings.find("limit", Integer::valueOf).orElse(100);
/// ```
///
/// Capitals do not count, and `.`, `-` and `_` are one, since a variable of the environment has no
/// others. What no catalog asks for at the start is refused, so all that may be given is to be
/// asked for in [CatalogProvider#open].
public final class Settings {
  private final String prefix;
  private final Map<String, String> values;
  private final Set<String> asked;

  private Settings(String prefix, Map<String, String> values, Set<String> asked) {
    this.prefix = prefix;
    this.values = values;
    this.asked = asked;
  }

  /// For tests and for programs that embed a catalog: the catalog's own keys.
  public static Settings of(Map<String, String> values) {
    var normal = new ConcurrentSkipListMap<String, String>();
    values.forEach((key, value) -> normal.put(normal(key), value));
    return new Settings("", normal, new ConcurrentSkipListSet<>());
  }

  /// Those whose keys begin with a name and a dot, without both.
  public Settings under(String name) {
    return new Settings(prefix + normal(name) + ".", values, asked);
  }

  /// A value, if it was given.
  public Optional<String> find(String key) {
    var whole = prefix + normal(key);
    asked.add(whole);
    return Optional.ofNullable(values.get(whole));
  }

  /// A value that is no text.
  ///
  /// @param parse throws an [IllegalArgumentException] that says what would be right
  /// @throws IllegalArgumentException naming the setting, when it cannot be read
  public <T> Optional<T> find(String key, Function<String, T> parse) {
    return find(key).map(given -> parsed(key, given, parse));
  }

  private <T> T parsed(String key, String given, Function<String, T> parse) {
    try {
      return parse.apply(given);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "the setting " + prefix + key + " cannot be '" + given + "': " + e.getMessage(), e);
    }
  }

  /// A value that has to be given.
  ///
  /// @throws IllegalArgumentException saying how, when it was not
  public String require(String key) {
    return find(key)
        .orElseThrow(() -> {
          var whole = prefix + normal(key);
          var variable = whole.toUpperCase(Locale.ROOT).replace('.', '_');
          return new IllegalArgumentException(
              "the setting %1$s%2$s is needed: --set %1$s%2$s=…, TRUNKLINE_SET_%3$s or set.%1$s%2$s= in the configuration file"
                  .formatted(prefix, key, variable));
        });
  }

  /// What was asked for so far, by all catalogs.
  public Set<String> asked() {
    return new TreeSet<>(asked);
  }

  /// What was given and not asked for so far.
  public Set<String> unasked() {
    var left = new TreeSet<>(values.keySet());
    left.removeAll(asked);
    return left;
  }

  private static String normal(String key) {
    return key.strip().toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
  }
}
