package trunkline.http;

/// The health endpoints' source; asked on each request, it answers from memory.
@FunctionalInterface
public interface Health {
  Report report();

  /// An instance's state.
  ///
  /// @param state what the instance is doing, for instance `serving` or `draining`
  /// @param ready false sends balancers away; requests that come all the same are served
  /// @param wakeMode how other instances wake this one: `notify` or `polling`
  /// @param database whether the database answered lately
  record Report(boolean ready, String state, String wakeMode, boolean database) {}
}
