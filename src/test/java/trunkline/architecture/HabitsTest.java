package trunkline.architecture;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import trunkline.architecture.Sources.Source;

/// Habits that a compiler does not check.
class HabitsTest {
  private static final Set<String> BANNED =
      Set.of(
          "Manager",
          "Helper",
          "Util",
          "Utils",
          "Impl",
          "Base",
          "Abstract",
          "Data",
          "Info",
          "Service",
          "Processor",
          "Legacy",
          "Common",
          "Model");

  private static final Pattern WORDS =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  private static final Pattern PAUSE =
      Pattern.compile(
          "Thread\\s*\\.\\s*sleep|TimeUnit\\s*\\.\\s*\\w+\\s*\\.\\s*sleep|LockSupport\\s*\\.\\s*park");

  /// Packages with a reason for more.
  private static final Map<String, Long> FILES_MAX =
      Map.of(
          "http", 44L, // guards, parser and streams of one protocol, which nobody else may know
          "feature", 91L, // the API: one import for those who write tools
          "protocol.run", 44L, // a call, a round and a task share what a handler stands on
          "stream", 42L); // publishing and following need each other's insides

  @Test
  void names_say_what_a_thing_is() {
    assertThat(all())
        .filteredOn(source -> Stream.of(WORDS.split(source.name())).anyMatch(BANNED::contains))
        .extracting(Source::name)
        .isEmpty();
  }

  @Test
  void every_package_explains_itself() {
    assertThat(
            Sources.under(Sources.MAIN).stream()
                .map(source -> source.path().resolveSibling("package-info.java"))
                .filter(info -> !Files.exists(info))
                .distinct())
        .isEmpty();
  }

  /// Beyond that a reader does not know any more where something stands.
  @Test
  void a_package_has_forty_files_at_most() {
    assertThat(
            Sources.under(Sources.MAIN).stream()
                .collect(groupingBy(Source::shortPackage, counting()))
                .entrySet())
        .filteredOn(files -> files.getValue() > FILES_MAX.getOrDefault(files.getKey(), 40L))
        .isEmpty();
  }

  /// The benchmark may, in one place: time is what it measures by.
  @Test
  void tests_do_not_sleep() {
    assertThat(Sources.under(Sources.TEST))
        .filteredOn(source -> !source.type().getName().equals("trunkline.bench.Pause"))
        .filteredOn(source -> !source.name().equals("HabitsTest"))
        .filteredOn(source -> PAUSE.matcher(source.code()).find())
        .extracting(Source::name)
        .isEmpty();
  }

  @Test
  void a_method_of_a_test_class_that_looks_like_a_test_is_one() {
    assertThat(Sources.under(Sources.TEST))
        .filteredOn(source -> source.name().endsWith("Test"))
        .flatExtracting(source -> forgotten(source.type()))
        .isEmpty();
  }

  /// `pg_stat_activity` shows the name while the statement runs.
  @Test
  void statements_say_their_name() {
    assertThat(
            StatementNames.wrong(
                Sources.under(Sources.MAIN).stream().flatMap(StatementNames::of).toList()))
        .isEmpty();
  }

  @Test
  void columns_and_parameters_are_named() {
    assertThat(ByPosition.in(Sources.under(Sources.MAIN))).isEmpty();
  }

  @Test
  void finds_a_method_that_nobody_runs() {
    assertThat(forgotten(Planted.class)).containsExactly("Planted.forgotten");
  }

  private static final class Planted {
    @Test
    void runs() {}

    @SuppressWarnings("unused")
    void forgotten() {}
  }

  private static List<Source> all() {
    return Stream.concat(Sources.under(Sources.MAIN).stream(), Sources.under(Sources.TEST).stream())
        .toList();
  }

  /// Methods that JUnit would run, had the annotation not been forgotten.
  private static List<String> forgotten(Class<?> type) {
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> !method.isSynthetic() && method.getReturnType() == void.class)
        .filter(method -> !Modifier.isPrivate(method.getModifiers()))
        .filter(method -> !isInherited(type.getSuperclass(), method))
        .filter(method ->
            Stream.of(method.getAnnotations())
                .noneMatch(a -> a.annotationType().getName().startsWith("org.junit.")))
        .map(method -> type.getSimpleName() + "." + method.getName())
        .toList();
  }

  private static boolean isInherited(@Nullable Class<?> type, Method method) {
    if (type == null) {
      return false;
    }
    return Stream.of(type.getDeclaredMethods())
            .anyMatch(other ->
                other.getName().equals(method.getName())
                    && Arrays.equals(other.getParameterTypes(), method.getParameterTypes()))
        || isInherited(type.getSuperclass(), method);
  }
}
