package trunkline.feature;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.node.ObjectNode;
import trunkline.shape.Binding;
import trunkline.shape.JsonSchema;
import trunkline.shape.Misfit;

/// The input of a tool: its schema, which must not be modified, and the reader of what it accepts.
/// What was derived from a record needs no validator: its reader refuses what the schema does.
record InputType<T>(ObjectNode schema, Reader<T> reader) {
  @FunctionalInterface
  interface Reader<T> {
    /// Makes the value.
    ///
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
        schema.json(),
        json -> {
          var problems = schema.problems(json);
          if (!problems.isEmpty()) {
            throw new InvalidArguments(problems);
          }
          return json;
        });
  }

  /// No arguments.
  static InputType<ObjectNode> none() {
    var none = of(Nothing.class);
    return new InputType<>(
        none.schema,
        json -> {
          var _ = none.read(json);
          return json;
        });
  }

  private record Nothing() {}

  @SuppressWarnings("unchecked") // computeValue made it for this class
  static <T> InputType<T> of(Class<T> type) {
    return (InputType<T>) OF_CLASSES.get(type);
  }

  static <T> InputType<T> of(TypeReference<T> type) {
    return of(Binding.of(type));
  }

  private static <T> InputType<T> of(Binding<T> binding) {
    return new InputType<>(
        binding.schema(),
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
