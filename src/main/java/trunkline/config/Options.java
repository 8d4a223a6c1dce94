package trunkline.config;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/// The options as given, each with its origin. The order of the sources is that of [Source]; an
/// unknown name is refused in each.
public final class Options {
  static final Path DEFAULT_FILE = Path.of("trunkline.properties");

  /// The variables that Kubernetes sets in each pod when a service is called `trunkline`.
  private static final Pattern KUBERNETES =
      Pattern.compile("TRUNKLINE_(SERVICE_.*|PORT_[0-9]+_.*|(.*_)?PORT=tcp://.*)");

  /// The launcher's and the tests' own variables.
  private static final Pattern ELSEWHERE = Pattern.compile("TRUNKLINE_(TEST_.*|JDK_FOLDERS)");

  /// Whose value counts: a later source wins over the earlier ones.
  enum Source {
    DEFAULT,
    FILE,
    ENVIRONMENT,
    COMMAND_LINE,
    /// A program that embeds the server.
    CODE
  }

  /// Says so, for help and documentation.
  public static final String ORDER =
      "The command line wins over the environment, the environment over the file, the file over the"
          + " default. A secret in a file (--database-password-file, --database-url-file) stands for"
          + " the option whose value it holds: the one that the stronger source gives counts, and no"
          + " source may give both.";

  /// A value and its origin, for messages: `--port`, `TRUNKLINE_PORT`, `port in
  /// trunkline.properties`.
  record Given(String value, String origin, Source source) {}

  private final Map<Option, Given> given;
  private final Map<String, String> settings;

  private Options(Map<Option, Given> given, Map<String, String> settings) {
    this.given = given;
    this.settings = settings;
  }

  /// Puts the sources together.
  ///
  /// @throws Refusal when a name is unknown or the configuration file cannot be read
  public static Options resolve(Map<Option, String> commandLine, Map<String, String> environment) {
    var given = new EnumMap<Option, Given>(Option.class);
    commandLine.forEach(
        (option, value) -> given.put(option, new Given(value, option.flag(), Source.COMMAND_LINE)));
    fromEnvironment(environment).forEach(given::putIfAbsent);
    var settings = new CatalogSettings();
    settings.add(commandLine.getOrDefault(Option.SET, ""), Option.SET.flag());
    settings.addVariables(environment);
    var config = given.get(Option.CONFIG);
    var file = config == null ? DEFAULT_FILE.toString() : config.value;
    if (config != null || Files.exists(DEFAULT_FILE)) {
      var properties = properties(file);
      fromFile(properties, file).forEach(given::putIfAbsent);
      settings.addProperties(properties, file);
    }
    return new Options(given, settings.values());
  }

  /// What a program says by [TypedOptions]: those, and below them the file that it names, if any.
  ///
  /// @throws Refusal when the file cannot be read, or names an unknown option
  static Options ofCode(Map<Option, Given> code) {
    var given = new EnumMap<Option, Given>(Option.class);
    given.putAll(code);
    var settings = new CatalogSettings();
    var set = given.get(Option.SET);
    if (set != null) {
      settings.add(set.value, set.origin);
    }
    var config = given.get(Option.CONFIG);
    if (config != null) {
      var properties = properties(config.value);
      fromFile(properties, config.value).forEach(given::putIfAbsent);
      settings.addProperties(properties, config.value);
    }
    return new Options(given, settings.values());
  }

  /// For programs and tests: keys as in a configuration file; nothing else is read.
  static Options of(Map<String, String> values) {
    return ofCode(given(values));
  }

  static Map<Option, Given> given(Map<String, String> values) {
    var given = new EnumMap<Option, Given>(Option.class);
    var settings = new CatalogSettings();
    settings.addProperties(values, "");
    values.forEach((key, value) -> {
      if (!CatalogSettings.isProperty(key)) {
        given.put(known(key, key, "", keys()), new Given(value, key, Source.CODE));
      }
    });
    if (!settings.values().isEmpty()) {
      given.put(Option.SET, new Given(settings.lines(), Option.SET.key(), Source.CODE));
    }
    return given;
  }

  /// Adds what a program says later, which counts; settings of catalogs add up.
  static void add(Map<Option, Given> given, Map<String, String> values) {
    given(values)
        .forEach((option, later) ->
            given.merge(
                option, later, (former, _) -> option == Option.SET ? both(former, later) : later));
  }

  /// Of two lines for one setting the later counts.
  private static Given both(Given former, Given later) {
    return new Given(former.value + "\n" + later.value, later.origin, later.source);
  }

  /// The given value or the default; empty when neither.
  Optional<Given> find(Option option) {
    var value = given.get(option);
    if (value == null && !option.fallback().isEmpty()) {
      value = new Given(option.fallback(), "default of " + option.flag(), Source.DEFAULT);
    }
    return Optional.ofNullable(value).filter(found -> !found.value.isBlank());
  }

  /// The settings of all catalogs, from all sources, by their whole keys.
  Map<String, String> settings() {
    return settings;
  }

  /// Whether the value was given.
  boolean has(Option option) {
    var value = given.get(option);
    return value != null && !value.value.isBlank();
  }

  /// Which of two options for the same thing counts; empty when neither was given.
  ///
  /// @throws Refusal when one source gives both
  Optional<Option> stronger(Option one, Option other) {
    if (!has(one) || !has(other)) {
      return has(one) ? Optional.of(one) : Optional.of(other).filter(this::has);
    }
    var order = source(one).compareTo(source(other));
    if (order == 0) {
      throw new Refusal("give " + one.flag() + " or " + other.flag() + ", not both");
    }
    return Optional.of(order > 0 ? one : other);
  }

  private Source source(Option option) {
    return find(option).map(Given::source).orElse(Source.DEFAULT);
  }

  private static Map<Option, Given> fromEnvironment(Map<String, String> environment) {
    var found = new EnumMap<Option, Given>(Option.class);
    var names = Arrays.stream(Option.values()).map(Option::variable).toList();
    environment.forEach((name, value) -> {
      if (name.startsWith(Option.ENVIRONMENT_PREFIX) && isOurs(name, value)) {
        var key = name.substring(Option.ENVIRONMENT_PREFIX.length());
        found.put(
            known(keyOf(key), name, " in the environment", names),
            new Given(value, name, Source.ENVIRONMENT));
      }
    });
    return found;
  }

  private static boolean isOurs(String name, String value) {
    return !CatalogSettings.isVariable(name)
        && !KUBERNETES.matcher(name).matches()
        && !KUBERNETES.matcher(name + "=" + value).matches()
        && !ELSEWHERE.matcher(name).matches();
  }

  private static String keyOf(String variable) {
    return variable.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Map<String, String> properties(String file) {
    var properties = new Properties();
    try {
      properties.load(new StringReader(TextFile.read("the configuration file", file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing but memory is read
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          "cannot read the configuration file "
              + file
              + ": "
              + e.getMessage()
              + " (a backslash is written twice)",
          e);
    }
    var read = new LinkedHashMap<String, String>();
    for (var key : properties.stringPropertyNames()) {
      read.put(key, properties.getProperty(key).strip());
    }
    return read;
  }

  private static Map<Option, Given> fromFile(Map<String, String> properties, String file) {
    var found = new EnumMap<Option, Given>(Option.class);
    for (var key : properties.keySet()) {
      if (CatalogSettings.isProperty(key)) {
        continue;
      }
      var origin = key + " in " + file;
      var option = known(key, key, " in " + file, keys());
      if (option == Option.CONFIG) {
        throw new Refusal(origin + ": a configuration file cannot name another");
      }
      found.put(option, new Given(String.valueOf(properties.get(key)), origin, Source.FILE));
    }
    return found;
  }

  private static Option known(String key, String typed, String where, List<String> names) {
    return Option.find(key)
        .orElseThrow(
            () -> new Refusal("unknown option " + typed + where + Nearest.hint(typed, names)));
  }

  private static List<String> keys() {
    return Arrays.stream(Option.values()).map(Option::key).toList();
  }
}
