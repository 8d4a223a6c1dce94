package trunkline.simulation;

import java.util.List;

/// What goes wrong in an order, until its calm: instances are killed and frozen, the database
/// stops, a standby takes its place, rows are locked, threads interrupted.
final class Storm {
  private final World world;
  private final Server server;
  private long promotedNanos = -1;
  private long stoppedNanos;

  Storm(World world, Server server) {
    this.world = world;
    this.server = server;
  }

  void rage() {
    while (!world.isCalm()) {
      world.schedule.rest(world.random.nextInt(100, 900));
      if (world.isCalm()) {
        return;
      }
      switch (world.random.nextInt(6)) {
        case 0 -> {
          if (world.weather.kills()) {
            world.kill(someone());
          }
        }
        case 1 -> {
          if (world.weather.freezes()) {
            freeze(someone());
          }
        }
        case 2 -> {
          if (world.weather.outages()) {
            outage(0);
          }
        }
        case 3 -> {
          if (world.weather.promotions() && promotedNanos < 0) {
            outage(world.random.nextInt(1, 5));
          }
        }
        case 4 -> {
          if (world.weather.locks()) {
            lockSome();
          }
        }
        default -> {
          if (world.weather.interrupts()) {
            world.schedule.interrupt(someone(), "call");
          }
        }
      }
    }
  }

  private void freeze(Node node) {
    if (node.alive) {
      var millis = world.random.nextInt(200, 5_000);
      world.trace(() -> node + " is frozen for " + millis + " ms");
      node.frozenUntilNanos = world.schedule.nanos() + millis * 1_000_000L;
      world.schedule.freeze(node, millis);
    }
  }

  /// The database stops, and starts again; or a standby takes its place that lacks the latest.
  private void outage(int lost) {
    world.trace(() ->
        "the database stops" + (lost > 0 ? ", its latest " + lost + " commits are lost" : ""));
    server.stop(world.database);
    stoppedNanos = world.schedule.nanos();
    world.schedule.rest(world.random.nextInt(50, 2_000));
    if (lost > 0) {
      promotedNanos = world.schedule.nanos();
      for (var message : world.database.promote(lost)) {
        world.trace(() -> message + " is lost");
        world.witness.excuse(message);
      }
    }
    server.start();
    world.trace(() -> "the database is back");
  }

  /// Somebody's transaction keeps a row.
  private void lockSome() {
    var streams = List.copyOf(world.database.streams().keySet());
    var stream = streams.get(world.random.nextInt(streams.size()));
    var millis = world.random.nextInt(50, 900);
    var owner = new Object();
    if (world.database.lock(owner, stream)) {
      world.trace(() -> "stream " + stream + " is locked for " + millis + " ms");
      world.schedule.start(
          "operator",
          "psql",
          () -> {
            world.schedule.rest(millis);
            world.database.unlock(owner);
          });
    }
  }

  private Node someone() {
    return world.nodes.get(world.random.nextInt(world.nodes.size()));
  }

  boolean hasStoppedSince(long sinceNanos) {
    return stoppedNanos > sinceNanos && !server.isDown();
  }

  /// Whether a standby took over, which may lack anything.
  boolean isPromoted() {
    return promotedNanos >= 0;
  }

  /// Whether it took over after that.
  boolean isPromotedSince(long sinceNanos) {
    return promotedNanos > sinceNanos;
  }
}
