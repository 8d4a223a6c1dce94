package trunkline.feature;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.node.ObjectNode;
import trunkline.shape.Binding;
import trunkline.shape.JsonSchema;
import trunkline.shape.Misfit;

/// The input of a tool: a schema, and the reader of what it accepts.
record InputType<T>(JsonSchema schema, Reader<T> reader) {
  @FunctionalInterface
  interface Reader<T> {
    /// @throws InvalidArguments when the schema or the record's constructor refuses it
    T read(ObjectNode json);
  }

  private static final ClassValue<InputType<?>> OF_CLASSES =
      new ClassValue<>() {
        @Override
        protected InputType<?> computeValue(Class<?> type) {
          return of(Binding.of(type));
        }
      };

  /// Any JSON that this schema allows.
  static InputType<ObjectNode> raw(String text) {
    var schema = JsonSchema.parse(text);
    return new InputType<>(
        schema,
        json -> {
          var problems = schema.problems(json);
          if (!problems.isEmpty()) {
            throw new InvalidArguments(problems);
          }
          return json;
        });
  }

  @SuppressWarnings("unchecked") // computeValue made it for this class
  static <T> InputType<T> of(Class<T> type) {
    return (InputType<T>) OF_CLASSES.get(type);
  }

  static <T> InputType<T> of(TypeReference<T> type) {
    return of(Binding.of(type));
  }

  private static <T> InputType<T> of(Binding<T> binding) {
    return new InputType<>(
        JsonSchema.compile(binding.schema()),
        json -> {
          try {
            return binding.read(json);
          } catch (Misfit e) {
            throw new InvalidArguments(e.problems());
          }
        });
  }

  T read(ObjectNode json) {
    return reader.read(json);
  }
}
