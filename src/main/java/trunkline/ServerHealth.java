package trunkline;

import java.util.List;

/// How a server is.
///
/// @param ready whether a balancer should send requests here
/// @param state `serving`, `draining` or `drained`
/// @param database whether the database answered lately
/// @param wakeups how other instances wake this one: `notify` or `polling`
/// @param hanging threads that give no sign of life; with one of them the process should be
///   restarted
public record ServerHealth(
    boolean ready, String state, boolean database, String wakeups, List<String> hanging) {
  public ServerHealth {
    hanging = List.copyOf(hanging);
  }

  /// Whether the process should go on.
  public boolean alive() {
    return hanging.isEmpty();
  }
}
