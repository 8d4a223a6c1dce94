package trunkline.shape;

import java.lang.annotation.Annotation;
import java.math.BigDecimal;
import java.util.Set;
import java.util.stream.Stream;

/// What annotations demand: those of `trunkline.feature` and of Jakarta Validation, by name.
final class Vocabulary {
  private static final String OURS = "trunkline.feature.";
  private static final String JAKARTA = "jakarta.validation.constraints.";

  /// Those that JSON's side has no need of, or that are looked at elsewhere.
  private static final Set<String> JACKSON_KNOWN =
      Set.of(
          "JsonAlias",
          "JsonAutoDetect",
          "JsonClassDescription",
          "JsonCreator",
          "JsonEnumDefaultValue",
          "JsonIgnore",
          "JsonIgnoreProperties",
          "JsonInclude",
          "JsonProperty",
          "JsonPropertyDescription",
          "JsonPropertyOrder",
          "JsonRootName",
          "JsonSubTypes",
          "JsonTypeInfo",
          "JsonTypeName",
          "JsonValue");

  private Vocabulary() {}

  /// @throws IllegalArgumentException when the annotation would change the JSON in a way that we do
  ///   not follow, or demands what JSON Schema can't say
  static Stream<Limit> limits(Annotation annotation) {
    var name = annotation.annotationType().getName();
    if (name.startsWith(OURS)) {
      return ours(name.substring(OURS.length()), annotation);
    }
    if (name.startsWith(JAKARTA)) {
      return jakarta(name.substring(JAKARTA.length()), annotation);
    }
    if (isJackson(name) && !JACKSON_KNOWN.contains(annotation.annotationType().getSimpleName())) {
      throw new IllegalArgumentException(
          source(annotation) + " is not followed here; remove it, or give the schema as JSON text");
    }
    return Stream.empty();
  }

  private static boolean isJackson(String name) {
    return name.startsWith("com.fasterxml.jackson.") || name.startsWith("tools.jackson.");
  }

  private static Stream<Limit> ours(String name, Annotation annotation) {
    var source = source(annotation);
    return switch (name) {
      case "Range" ->
          Stream.of(
                  bound(source, attribute(annotation, "min", Double.class), false),
                  bound(source, attribute(annotation, "max", Double.class), true))
              .flatMap(each -> each);
      case "Length" -> size(source, annotation);
      case "Pattern" -> {
        var regex = attribute(annotation, "value", String.class);
        yield Stream.of(
            new Limit.Match(
                source,
                Regex.whole(source + "(\"" + regex + "\")", regex),
                "a string that matches " + regex));
      }
      default -> Stream.empty();
    };
  }

  private static Stream<Limit> jakarta(String name, Annotation annotation) {
    var source = source(annotation);
    if (name.endsWith("$List")) {
      return Stream.of(attribute(annotation, "value", Annotation[].class))
          .flatMap(Vocabulary::limits);
    }
    if (attribute(annotation, "groups", Class[].class).length > 0) {
      throw new IllegalArgumentException(source + " has groups, of which a schema knows nothing");
    }
    return switch (name) {
      case "NotNull" -> Stream.empty(); // what is not Optional or @Nullable is required anyway
      case "NotBlank" ->
          Stream.of(new Limit.Match(source, "\\S", "a string with more than white space"));
      case "NotEmpty" -> Stream.of(new Limit.Size(source, 1, Integer.MAX_VALUE));
      case "Size" -> size(source, annotation);
      case "Min" -> bound(source, attribute(annotation, "value", Long.class), false, false);
      case "Max" -> bound(source, attribute(annotation, "value", Long.class), true, false);
      case "DecimalMin" -> decimal(source, annotation, false);
      case "DecimalMax" -> decimal(source, annotation, true);
      case "Positive" -> bound(source, 0, false, true);
      case "PositiveOrZero" -> bound(source, 0, false, false);
      case "Negative" -> bound(source, 0, true, true);
      case "NegativeOrZero" -> bound(source, 0, true, false);
      case "Pattern" -> Stream.of(pattern(source, annotation));
      case "Email" -> email(source, annotation);
      default ->
          throw new IllegalArgumentException(
              source
                  + " can't be said in a JSON schema; check it in the record's constructor instead");
    };
  }

  private static Limit pattern(String source, Annotation annotation) {
    var regex = attribute(annotation, "regexp", String.class);
    if (attribute(annotation, "flags", Object[].class).length > 0) {
      throw new IllegalArgumentException(
          source + " has flags, which JSON Schema's regular expressions lack");
    }
    return new Limit.Match(
        source,
        Regex.whole(source + "(\"" + regex + "\")", regex),
        "a string that matches " + regex);
  }

  private static Stream<Limit> email(String source, Annotation annotation) {
    var regex = attribute(annotation, "regexp", String.class);
    Stream<Limit> address = Stream.of(new Limit.Email(source));
    return regex.equals(".*")
        ? address
        : Stream.concat(address, Stream.of(pattern(source, annotation)));
  }

  private static Stream<Limit> size(String source, Annotation annotation) {
    return Stream.of(
        new Limit.Size(
            source,
            attribute(annotation, "min", Integer.class),
            attribute(annotation, "max", Integer.class)));
  }

  private static Stream<Limit> decimal(String source, Annotation annotation, boolean upper) {
    var text = attribute(annotation, "value", String.class);
    try {
      return Stream.of(
          new Limit.Bound(
              source,
              new BigDecimal(text),
              upper,
              !attribute(annotation, "inclusive", Boolean.class)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(source + "(\"" + text + "\") is no number", e);
    }
  }

  private static Stream<Limit> bound(String source, double value, boolean upper) {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException(source + " has NaN as its bound");
    }
    return Double.isInfinite(value)
        ? Stream.empty()
        : Stream.of(new Limit.Bound(source, BigDecimal.valueOf(value), upper, false));
  }

  private static Stream<Limit> bound(String source, long value, boolean upper, boolean exclusive) {
    return Stream.of(new Limit.Bound(source, BigDecimal.valueOf(value), upper, exclusive));
  }

  private static String source(Annotation annotation) {
    return "@" + annotation.annotationType().getSimpleName();
  }

  static <T> T attribute(Annotation annotation, String name, Class<T> type) {
    try {
      return type.cast(annotation.annotationType().getMethod(name).invoke(annotation));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          source(annotation) + " of this version has no " + name + ", which is read here", e);
    }
  }
}
