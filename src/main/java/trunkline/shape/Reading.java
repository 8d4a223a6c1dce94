package trunkline.shape;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One document being read: where we are in it, and what is wrong with it so far.
final class Reading {
  /// Enough to learn from; a megabyte of wrong numbers is not hundreds of megabytes of messages.
  private static final int PROBLEMS_MAX = 5;

  private final Deque<String> path = new ArrayDeque<>();
  private final List<String> problems = new ArrayList<>();

  <T extends @Nullable Object> T at(String step, Supplier<T> read) {
    path.addLast(step);
    try {
      return read.get();
    } finally {
      path.removeLast();
    }
  }

  /// @return null, for the value that there is not
  @Nullable Object refuse(String problem) {
    problems.add((path.isEmpty() ? "" : pointer() + ": ") + problem);
    if (problems.size() == PROBLEMS_MAX) {
      throw new Full();
    }
    return null;
  }

  @Nullable Object refuse(JsonNode json, Shape expected) {
    return refuse("is " + kind(json) + ", expected " + expected.noun());
  }

  int count() {
    return problems.size();
  }

  /// @throws Misfit when anything was wrong
  static Object read(JsonNode json, Shape shape) throws Misfit {
    var reading = new Reading();
    Object value = null;
    try {
      value = shape.read(json, reading);
    } catch (Full _) {
      // Told enough.
    }
    if (value == null || !reading.problems.isEmpty()) {
      throw new Misfit(reading.problems);
    }
    return value;
  }

  private String pointer() {
    var pointer = new StringBuilder();
    for (var step : path) {
      pointer.append('/').append(step.replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }

  private static String kind(JsonNode json) {
    return switch (json.getNodeType()) {
      case ARRAY -> "an array";
      case BOOLEAN -> "a boolean";
      case NULL -> "null";
      case NUMBER -> "the number " + json.asString();
      case OBJECT -> "an object";
      case STRING -> "a string";
      case BINARY, MISSING, POJO -> "nothing of JSON";
    };
  }

  /// Ends a reading that has found enough.
  private static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Full() {
      super(null, null, false, false);
    }
  }
}
