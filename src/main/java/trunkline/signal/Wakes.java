package trunkline.signal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parties to wake after a commit, as the SQL functions return them: `trunkline.wake[]` of
/// `instance` (null: every one), `topic` and `id`.
public final class Wakes {
  private final Map<InstanceId, List<Wake>> directed = new HashMap<>();
  private final Set<Wake> forAll = new LinkedHashSet<>();

  /// Of the array's elements, each as the server writes a row: `(7,s,42)`, without the number for
  /// every instance.
  static Wakes of(Object[] rows) {
    var wakes = new Wakes();
    for (var row : rows) {
      var text = row.toString();
      var parts = text.substring(1, text.length() - 1).split(",", -1);
      wakes.add(
          parts[0].isEmpty() ? null : Integer.valueOf(parts[0]),
          parts[1],
          Long.parseLong(parts[2]));
    }
    return wakes;
  }

  private void add(@Nullable Integer instance, String letter, long id) {
    var topic = Topic.of(letter.charAt(0));
    if (topic.isEmpty()) {
      return;
    }
    var wake = new Wake(topic.get(), id);
    if (instance == null) {
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
  public void sendBy(Waking waker) {
    directed.forEach(waker::wake);
    forAll.forEach(waker::wakeAll);
  }
}
