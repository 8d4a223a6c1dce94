package trunkline.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// Which statements a connection executes, by the names in their headings.
final class StatementHeadings {
  private static final Pattern HEADING = Pattern.compile("\\s*-- ([a-z0-9_]+\\.[a-z0-9_]+):");

  /// What has no heading: not a statement of ours.
  private static final String NONE = "";

  private final Map<String, String> statements = new HashMap<>();
  private final Map<String, String> portals = new HashMap<>();
  private final List<String> executed = new ArrayList<>();

  /// A message of the client.
  void hear(WireMessage message) {
    switch (message.type()) {
      case 'P' -> statements.put(message.text(0), heading(message.text(1)));
      case 'B' ->
          portals.put(
              message.text(0), Objects.requireNonNullElse(statements.get(message.text(1)), NONE));
      case 'E' -> execute(Objects.requireNonNullElse(portals.get(message.text(0)), NONE));
      case 'Q' -> execute(heading(message.text(0)));
      default -> {} // says nothing about statements
    }
  }

  private void execute(String name) {
    if (!name.equals(NONE)) {
      executed.add(name);
    }
  }

  /// What was executed since this was asked last.
  List<String> executed() {
    var names = List.copyOf(executed);
    executed.clear();
    return names;
  }

  private static String heading(String sql) {
    var found = HEADING.matcher(sql);
    return found.lookingAt() ? found.group(1) : NONE;
  }
}
