package trunkline.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The settings of catalogs, put together from all sources; what comes first wins. `--set
/// shop.url=x`, `TRUNKLINE_SET_SHOP_URL=x` and `set.shop.url=x` are one.
final class CatalogSettings {
  private static final String VARIABLE = Option.ENVIRONMENT_PREFIX + "SET";
  private static final String PROPERTY = "set";

  private final Map<String, String> values = new LinkedHashMap<>();

  static boolean isVariable(String name) {
    return name.equals(VARIABLE) || name.startsWith(VARIABLE + "_");
  }

  static boolean isProperty(String key) {
    return key.equals(PROPERTY) || key.startsWith(PROPERTY + ".");
  }

  Map<String, String> values() {
    return Map.copyOf(values);
  }

  /// Adds `shop.url=x`, one a line.
  void add(String lines, String origin) {
    var added = new HashMap<String, String>();
    for (var line : lines.lines().filter(it -> !it.isBlank()).toList()) {
      var setting = OptionForm.SETTING.matcher(line);
      if (!setting.matches()) {
        throw new Refusal(origin + ": '" + line + "' is not " + Option.SET.form().expected());
      }
      added.put(normal(setting.group(1)), setting.group(2)); // the last of a source counts
    }
    added.forEach(values::putIfAbsent);
  }

  void addVariables(Map<String, String> environment) {
    environment.forEach((name, value) -> {
      if (name.startsWith(VARIABLE + "_")) {
        values.putIfAbsent(normal(name.substring(VARIABLE.length() + 1)), value);
      }
    });
    add(environment.getOrDefault(VARIABLE, ""), VARIABLE);
  }

  /// @param file for messages; empty when it is none
  void addProperties(Map<String, String> properties, String file) {
    properties.forEach((key, value) -> {
      if (key.startsWith(PROPERTY + ".")) {
        values.putIfAbsent(normal(key.substring(PROPERTY.length() + 1)), value);
      }
    });
    add(
        properties.getOrDefault(PROPERTY, ""),
        file.isEmpty() ? PROPERTY : PROPERTY + " in " + file);
  }

  /// A variable of the environment has no other characters.
  private static String normal(String key) {
    return key.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
  }
}
