package trunkline.chaos;

import java.sql.SQLException;
import java.util.Locale;
import trunkline.testing.Proxy;

/// What goes wrong.
enum Fault {
  NONE(false),
  KILL(true),
  FREEZE(true),
  LEAVE(true),
  RESTART_DATABASE(false),
  CRASH_DATABASE(false),
  DROP_CONNECTIONS(false),
  CUT_CLIENTS(false),
  SILENCE(true);

  private static final long HEALTH_CHECK_MILLIS = 2_000;

  private final boolean hasTarget;

  Fault(boolean hasTarget) {
    this.hasTarget = hasTarget;
  }

  /// Whether it happens to one instance.
  boolean hasTarget() {
    return hasTarget;
  }

  /// Whether it lasts for a time that the plan gives.
  boolean lasts() {
    return this == FREEZE || this == SILENCE;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// Makes it happen, and mends what an operator or a machine would mend.
  void strike(Step step, Stage stage, Narrator narrator, Pause pause) throws SQLException {
    var seat = stage.seats().get(step.target());
    switch (this) {
      case NONE -> narrator.say("Nothing goes wrong for a while.");
      case KILL -> {
        narrator.say("kill -9 of instance %s: its clients come back elsewhere.".formatted(seat));
        seat.instance().kill();
        replace(seat, stage, narrator);
      }
      case FREEZE -> {
        narrator.say("Instance %s is frozen for %d s (SIGSTOP).".formatted(seat, step.seconds()));
        hang(seat, step, stage, pause, seat.instance()::freeze, seat.instance()::thaw);
        narrator.say("Instance %s thaws (SIGCONT) and knows nothing of the pause.".formatted(seat));
      }
      case LEAVE -> {
        narrator.say(
            "Instance %s is told to leave (SIGTERM): it hands over and ends.".formatted(seat));
        seat.instance().terminate();
        var code = seat.instance().awaitExit();
        narrator.say("Instance %s has left with exit code %d.".formatted(seat, code));
        replace(seat, stage, narrator);
      }
      case RESTART_DATABASE -> {
        narrator.say("PostgreSQL is restarted (pg_ctl restart, mode fast).");
        stage.postgres().restart("INT");
        narrator.say("PostgreSQL is back.");
      }
      case CRASH_DATABASE -> {
        narrator.say("PostgreSQL is stopped at once (mode immediate) and started again.");
        stage.postgres().restart("QUIT");
        narrator.say("PostgreSQL has recovered and is back.");
      }
      case DROP_CONNECTIONS -> {
        narrator.say("Every connection to PostgreSQL is terminated, three times.");
        for (var i = 0; i < 3 && pause.of(300); i++) {
          stage.sql(
              """
              -- pg_stat_activity.terminate: what a failover or an impatient operator does
              select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid()
              """);
        }
      }
      case CUT_CLIENTS -> {
        narrator.say("Every client's connection is reset.");
        stage.door().links().forEach(Proxy.Link::reset);
      }
      case SILENCE -> {
        narrator.say(
            "The network between instance %s and PostgreSQL falls silent for %d s."
                .formatted(seat, step.seconds()));
        var weather = seat.network().weather();
        hang(seat, step, stage, pause, weather::silence, weather::clear);
        narrator.say("Instance %s hears PostgreSQL again.".formatted(seat));
      }
    }
  }

  private static void replace(Seat seat, Stage stage, Narrator narrator) {
    stage.takeOut(seat);
    stage.fill(seat);
    narrator.say("A new instance takes its place: %s.".formatted(seat));
  }

  /// Longer than a health check waits, the instance is out of the balancer.
  private static void hang(
      Seat seat, Step step, Stage stage, Pause pause, Runnable begin, Runnable end) {
    var millis = step.seconds() * 1000L;
    begin.run();
    try {
      if (pause.of(Math.min(millis, HEALTH_CHECK_MILLIS)) && millis > HEALTH_CHECK_MILLIS) {
        stage.takeOut(seat);
        var _ = pause.of(millis - HEALTH_CHECK_MILLIS);
        stage.bringBack(seat);
      }
    } finally {
      end.run();
    }
  }
}
