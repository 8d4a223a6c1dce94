package trunkline.task;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a client names a task by; possession of it is not authorization.
public record TaskId(String value) {
  private static final int BYTES = 16;
  private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");
  private static final SecureRandom RANDOM = new SecureRandom();

  public TaskId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a task id (expected " + 2 * BYTES + " hex digits)");
    }
  }

  /// One that nobody can guess.
  public static TaskId random() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new TaskId(HexFormat.of().formatHex(bytes));
  }

  /// Ids come from strangers: a malformed one is that of no task, not an error.
  public static Optional<TaskId> parse(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(new TaskId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
