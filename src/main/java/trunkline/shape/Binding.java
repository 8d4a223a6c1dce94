package trunkline.shape;

import java.lang.reflect.AnnotatedParameterizedType;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON ⇄ the values of one Java type, a record or a sealed interface of records.
public final class Binding<T> {
  private static final ClassValue<Binding<?>> OF_CLASSES =
      new ClassValue<>() {
        @Override
        protected Binding<?> computeValue(Class<?> type) {
          return new Binding<>(Use.of(type));
        }
      };

  private final Shape shape;

  private Binding(Use use) {
    shape = new Derivation().part(use);
    if (!shape.schema().path("type").asString("").equals("object")) {
      throw new IllegalArgumentException(
          use.name() + " is " + shape.noun() + " in JSON; an object is wanted, such as a record's");
    }
  }

  /// @throws IllegalArgumentException naming the record and the component that have no shape
  @SuppressWarnings("unchecked") // computeValue made it for this class
  public static <T> Binding<T> of(Class<T> type) {
    return (Binding<T>) OF_CLASSES.get(type);
  }

  /// @throws IllegalArgumentException naming the record and the component that have no shape
  public static <T> Binding<T> of(TypeReference<T> type) {
    var self = (AnnotatedParameterizedType) type.getClass().getAnnotatedSuperclass();
    return new Binding<>(Use.of(self.getAnnotatedActualTypeArguments()[0], Map.of()));
  }

  /// A new one each time.
  public ObjectNode schema() {
    return shape.schema();
  }

  /// @throws Misfit when the schema, or the record's own constructor, refuses it
  @SuppressWarnings("unchecked") // the shape was derived from this type
  public T read(JsonNode json) throws Misfit {
    return (T) Reading.read(json, shape);
  }

  /// @throws IllegalStateException naming the component that holds what JSON can't say
  public JsonNode write(T value) {
    return shape.write(value);
  }
}
