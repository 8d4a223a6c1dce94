package trunkline.feature;

import tools.jackson.databind.node.ObjectNode;
import trunkline.shape.Binding;
import trunkline.shape.Misfit;

/// Records ⇄ JSON, as tools and forms spell them: for programs that call tools.
public final class Records {
  private Records() {}

  /// Makes the record; its defaults count.
  ///
  /// @throws InvalidArguments when its schema or its own constructor refuses the values
  public static <T extends Record> T read(Class<T> type, ObjectNode json) {
    try {
      return Binding.of(type).read(json);
    } catch (Misfit e) {
      throw new InvalidArguments(e.problems());
    }
  }

  /// The record as JSON, such as the arguments of a call; what is absent is left out.
  @SuppressWarnings("unchecked") // the binding of its own class
  public static ObjectNode json(Record value) {
    var binding = (Binding<Record>) Binding.of(value.getClass());
    return (ObjectNode) binding.write(value);
  }
}
