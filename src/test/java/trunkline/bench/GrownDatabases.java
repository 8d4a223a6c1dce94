package trunkline.bench;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Two databases on the same server: one that is nearly empty, and one with as many sessions and
/// messages as the product is made for. Filled when they are needed first; where the stage keeps
/// anything, once.
final class GrownDatabases {
  static final int FEW = 1_000;

  /// What is old here must not be removed meanwhile.
  private static final Map<String, String> KEPT =
      Map.of("history-age-max", "1d", "session-idle-timeout", "1d", "sessions-max", "2000000");

  private final int many;
  private @Nullable Stage small;
  private @Nullable Stage big;

  GrownDatabases(int many) {
    this.many = many;
  }

  int many() {
    return many;
  }

  synchronized Stage small(Stage stage) throws Exception {
    var made = small;
    if (made == null) {
      made = filled(stage, "bench_few", FEW);
      small = made;
    }
    return made;
  }

  synchronized Stage big(Stage stage) throws Exception {
    var made = big;
    if (made == null) {
      made = filled(stage, "bench_many", many);
      big = made;
    }
    return made;
  }

  private static Stage filled(Stage stage, String name, int sessions) throws Exception {
    return stage.lasting(name + "_" + sessions, empty -> fill(empty, sessions));
  }

  private static void fill(Stage made, int sessions) throws Exception {
    var start = System.nanoTime();
    try (var _ = server(made); // it migrates
        var connection = made.connect()) {
      LivingSessions.insert(connection, sessions);
    } catch (SQLException e) {
      throw new IllegalStateException("the database could not be filled: " + e.getMessage(), e);
    }
    System.out.printf(
        "  %,d sessions with %d messages each, in %d s%n",
        sessions, LivingSessions.MESSAGES_EACH, (System.nanoTime() - start) / 1_000_000_000);
  }

  static Worker server(Stage stage) throws Exception {
    return stage.server(KEPT);
  }

  /// One that looks up the session of each call: what it remembers tells nothing of a table's size.
  static Worker forgetting(Stage stage) throws Exception {
    var settings = new HashMap<>(KEPT);
    settings.put("session-cache", "false");
    return stage.server(settings);
  }
}
