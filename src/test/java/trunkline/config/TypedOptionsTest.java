package trunkline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The options of a program are those of the command line: the source of [TypedOptions] follows
/// from [Option], name by name.
class TypedOptionsTest {
  private static final Path COMMITTED = Path.of("src/main/java/trunkline/config/TypedOptions.java");

  /// A program has a log of its own.
  private static final Set<Option> LEFT_OUT = EnumSet.of(Option.LOG_FORMAT, Option.LOG_LEVEL);

  private static final int COLUMNS = 100;

  private static final String HEAD =
      """
      package trunkline.config;

      import java.net.URI;
      import java.nio.file.Path;
      import java.time.Duration;
      import java.util.EnumMap;
      import java.util.List;
      import java.util.Map;
      import trunkline.audit.AuditMode;
      import trunkline.tls.ClientAuth;
      import trunkline.tls.SubjectPart;

      /// The options of `./trunkline serve` for a program, with the same names, defaults, bounds and
      /// errors. Written by `.ci/generate` from [Option]; only what is not an option is left out (the
      /// form of a log that is the program's own).
      ///
      /// A wrong value is refused when the server starts, with its name and bounds.
      ///
      /// @param <B> the builder itself
      public abstract class TypedOptions<B extends TypedOptions<B>> {
        private final Map<Option, Options.Given> given = new EnumMap<>(Option.class);

        protected TypedOptions() {}

        protected abstract B self();

        /// Options by their names in a configuration file, such as `request-timeout`, instead of by
        /// methods. What is said later counts; settings of catalogs add up.
        ///
        /// @throws Refusal when a name is unknown
        public B options(Map<String, String> values) {
          Options.add(given, values);
          return self();
        }

        /// Whether the program said it.
        protected final boolean has(Option option) {
          return given.containsKey(option);
        }

        /// All of them, and below them those of the file that [#config] names.
        ///
        /// @throws Refusal when one of them is wrong, or two contradict each other
        protected final ServerConfig read() {
          return ServerConfig.read(Options.ofCode(given));
        }

        private B set(Option option, String name, Object value) {
          try {
            var text = OptionForm.written(value);
            given.put(option, new Options.Given(text, name, Options.Source.CODE));
          } catch (IllegalArgumentException e) {
            throw new Refusal(name + ": " + e.getMessage(), e);
          }
          return self();
        }
      """;

  private static final String SETTING =
      """
        public B set(String key, String value) {
          var former = given.get(Option.SET);
          var line = key + "=" + value;
          return set(Option.SET, "set", former == null ? line : former.value() + "\\n" + line);
        }
      """;

  /// With `-Dtrunkline.generate` (see `.ci/generate`) it writes what it otherwise compares.
  @Test
  void the_committed_source_is_that_of_the_options() throws IOException {
    var source =
        HEAD
            + Stream.of(Option.values())
                .filter(option -> !LEFT_OUT.contains(option))
                .map(TypedOptionsTest::method)
                .collect(Collectors.joining())
            + "}\n";
    if (System.getProperty("trunkline.generate") != null) {
      Files.writeString(COMMITTED, source);
      return;
    }

    assertThat(words(Files.readString(COMMITTED)))
        .as("run .ci/generate after a change of the options")
        .isEqualTo(words(source));
  }

  private static String method(Option option) {
    var name = camel(option.key());
    var type = option.form().type();
    var parameter = parameter(option, type);
    if (option == Option.SET) {
      return "\n" + comment(option) + SETTING;
    }
    return "\n"
        + comment(option)
        + (type == List.class
                ? """
                  public B %1$s(String... %2$s) {
                    return set(Option.%3$s, "%1$s", List.of(%2$s));
                  }
                """
                : """
                  public B %1$s(%4$s %2$s) {
                    return set(Option.%3$s, "%1$s", %2$s);
                  }
                """)
            .formatted(name, parameter, option.name(), spelt(type));
  }

  private static String parameter(Option option, Class<?> type) {
    if (type == Boolean.class) {
      return "on";
    }
    return option.placeholder().equals("SIZE") ? "bytes" : camel(option.placeholder());
  }

  private static String spelt(Class<?> type) {
    return type == Boolean.class ? "boolean" : type == Integer.class ? "int" : type.getSimpleName();
  }

  private static String camel(String key) {
    var words = List.of(key.toLowerCase(Locale.ROOT).split("-", -1));
    return words.getFirst()
        + words.stream()
            .skip(1)
            .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
            .collect(Collectors.joining());
  }

  private static String comment(Option option) {
    var fallback =
        option.fallback().isEmpty() || option.fallback().equals("false")
            ? ""
            : " Default: " + option.fallback() + ".";
    var text = new StringBuilder();
    var line = new StringBuilder("  ///");
    for (var word : (option.help() + fallback).replace("[", "\\[").split(" ", -1)) {
      if (line.length() + 1 + word.length() > COLUMNS) {
        text.append(line).append('\n');
        line = new StringBuilder("  ///");
      }
      line.append(' ').append(word);
    }
    return text.append(line).append('\n').toString();
  }

  /// Line breaks are the formatter's.
  private static String words(String source) {
    return source.replaceAll("(?m)^\\s*///", "").replaceAll("\\s+", "");
  }
}
