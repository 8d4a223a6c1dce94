package trunkline.shape;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The annotations of a type, a component or a constant. Those of `trunkline.feature` are known by
/// name, Jackson's as classes.
record Marks(List<Annotation> all) {
  private static final String OURS = "trunkline.feature.";

  /// @param elements of which some may not exist
  static Marks of(@Nullable AnnotatedElement... elements) {
    return new Marks(
        Stream.of(elements)
            .filter(Objects::nonNull)
            .flatMap(element -> Stream.of(element.getAnnotations()))
            .distinct()
            .toList());
  }

  Marks and(List<Annotation> more) {
    return new Marks(Stream.concat(all.stream(), more.stream()).distinct().toList());
  }

  <A extends Annotation> Optional<A> find(Class<A> type) {
    return all.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  boolean has(Class<? extends Annotation> type) {
    return find(type).isPresent();
  }

  /// JSpecify's, Jakarta's, Spring's: all mean the same.
  boolean isNullable() {
    return all.stream().anyMatch(each -> each.annotationType().getSimpleName().equals("Nullable"));
  }

  /// The value of an annotation of `trunkline.feature`.
  Optional<String> ours(String name) {
    return all.stream()
        .filter(each -> each.annotationType().getName().equals(OURS + name))
        .map(each -> Vocabulary.attribute(each, "value", String.class))
        .findFirst();
  }

  List<Limit> limits() {
    return all.stream().flatMap(Vocabulary::limits).toList();
  }

  void describe(ObjectNode schema) {
    ours("Title").ifPresent(title -> schema.put("title", title));
    description().ifPresent(description -> schema.put("description", description));
  }

  Optional<String> description() {
    return ours("Description")
        .or(() -> find(JsonPropertyDescription.class).map(JsonPropertyDescription::value))
        .or(() -> find(JsonClassDescription.class).map(JsonClassDescription::value));
  }
}
