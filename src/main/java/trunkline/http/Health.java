package trunkline.http;

/// What the health endpoints say; asked for on each request, so it answers from memory.
@FunctionalInterface
public interface Health {
  Report report();

  /// How this instance is.
  ///
  /// @param state what the instance is doing, for instance `serving` or `draining`
  /// @param ready false sends balancers away; requests that come all the same are served
  /// @param wakeMode how news from other instances arrives: `notify` or `polling`
  /// @param database whether the database answered lately
  record Report(boolean ready, String state, String wakeMode, boolean database) {}
}
