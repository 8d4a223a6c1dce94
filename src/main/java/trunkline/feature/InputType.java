package trunkline.feature;

import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// The input of a tool: a schema, and the reader of valid JSON.
record InputType<T>(JsonSchema schema, Function<ObjectNode, T> reader) {
  private static final ClassValue<InputType<?>> RECORDS =
      new ClassValue<>() {
        @Override
        protected InputType<?> computeValue(Class<?> type) {
          var record = type.asSubclass(Record.class);
          return new InputType<>(
              JsonSchema.compile(RecordSchema.of(record)), json -> Records.read(record, json));
        }
      };

  /// Any JSON that this schema allows.
  static InputType<ObjectNode> raw(String schema) {
    return new InputType<>(JsonSchema.parse(schema), json -> json);
  }

  @SuppressWarnings("unchecked") // computeValue made it for this class
  static <T extends Record> InputType<T> of(Class<T> type) {
    return (InputType<T>) RECORDS.get(type);
  }

  /// @throws InvalidArguments when the schema or the record's constructor refuses it
  T read(ObjectNode json) {
    var problems = schema.problems(json);
    if (!problems.isEmpty()) {
      throw new InvalidArguments(problems);
    }
    return reader.apply(json);
  }
}
