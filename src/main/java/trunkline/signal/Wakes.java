package trunkline.signal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whom a committed change asks to be woken, as the SQL functions return it: `trunkline.wake[]`,
/// unnested to the columns `instance` (null: every one), `topic` and `id`.
public final class Wakes {
  private final Map<InstanceId, List<Wake>> directed = new HashMap<>();
  private final Set<Wake> forAll = new LinkedHashSet<>();

  /// Adds the row's; a row of nulls, which an outer join gives for an empty array, adds nothing.
  public void add(ResultSet row) throws SQLException {
    var letter = row.getString("topic");
    var topic = letter == null ? Optional.<Topic>empty() : Topic.of(letter.charAt(0));
    if (topic.isEmpty()) {
      return;
    }
    var wake = new Wake(topic.get(), row.getLong("id"));
    var instance = row.getInt("instance");
    if (row.wasNull()) {
      forAll.add(wake);
    } else {
      directed.computeIfAbsent(new InstanceId(instance), _ -> new ArrayList<>()).add(wake);
    }
  }

  public Map<InstanceId, List<Wake>> directed() {
    return Map.copyOf(directed);
  }

  public Set<Wake> forAll() {
    return Set.copyOf(forAll);
  }

  /// Call it after the commit.
  public void sendBy(Waker waker) {
    directed.forEach(waker::wake);
    forAll.forEach(waker::wakeAll);
  }
}
