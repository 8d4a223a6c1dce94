package trunkline.adapter.annotated;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The values of an annotation that is not on our class path. What it does not have, or has left
/// empty, is not there.
///
/// @param annotation null: there is none
record Marks(@Nullable Annotation annotation) {
  /// In the vocabularies' spelling: the name of the method or parameter.
  private static final String ELEMENT_NAME = "<<element name>>";

  /// The first annotation of these simple names that is of this vocabulary.
  static Marks of(AnnotatedElement element, Vocabulary vocabulary, List<String> names) {
    return new Marks(
        Stream.of(element.getAnnotations())
            .filter(each -> vocabulary.owns(each.annotationType()))
            .filter(each -> names.contains(each.annotationType().getSimpleName()))
            .findFirst()
            .orElse(null));
  }

  Optional<Object> find(String attribute) {
    if (annotation == null) {
      return Optional.empty();
    }
    try {
      var method = annotation.annotationType().getMethod(attribute);
      return Optional.ofNullable(method.invoke(annotation));
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException("cannot read " + attribute + " of " + annotation, e);
    }
  }

  /// Text that says something; an array's lines one below the other.
  Optional<String> text(String attribute) {
    return find(attribute)
        .map(value -> value instanceof String[] lines ? String.join("\n", lines) : value.toString())
        .filter(text -> !text.isBlank() && !text.equals(ELEMENT_NAME) && !isNoDefault(text));
  }

  /// LangChain4j has a word of its own for it.
  private boolean isNoDefault(String text) {
    return constant("NO_DEFAULT").map(text::equals).orElse(false);
  }

  private Optional<Object> constant(String name) {
    try {
      return annotation == null
          ? Optional.empty()
          : Optional.ofNullable(annotation.annotationType().getField(name).get(null));
    } catch (NoSuchFieldException | IllegalAccessException e) {
      return Optional.empty();
    }
  }

  boolean is(String attribute, boolean otherwise) {
    return find(attribute).map(Boolean.class::cast).orElse(otherwise);
  }

  /// An annotation within it.
  Marks within(String attribute) {
    return new Marks(find(attribute).map(Annotation.class::cast).orElse(null));
  }

  /// Whether a value differs from what it is when nobody says anything.
  boolean isSaid(String attribute) {
    if (annotation == null) {
      return false;
    }
    try {
      var byDefault = annotation.annotationType().getMethod(attribute).getDefaultValue();
      return !find(attribute).equals(Optional.ofNullable(byDefault));
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
