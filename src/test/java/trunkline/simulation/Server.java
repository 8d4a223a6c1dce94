package trunkline.simulation;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import trunkline.simulation.MemoryDatabase.Statement;
import trunkline.simulation.MemoryDatabase.Wire;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;

/// The database's side: each statement that arrives runs to its end by itself, whatever became of
/// its client, and may take its time between its snapshot, its locks, its commit and its answer.
final class Server implements Wire {
  private static final long LOCK_MILLIS = 200;
  private static final int IMPATIENCE_MILLIS_MAX = 60;
  private static final int PERCENT = 100;
  private static final int SLOW_ONE_IN = 6;
  private static final int SLOW_MILLIS_MAX = 40;

  private final World world;
  private final SplittableRandom random;
  private boolean down;
  private int starts;
  private boolean calm;

  Server(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  /// Nothing goes wrong from now on.
  void calm() {
    calm = true;
  }

  boolean isDown() {
    return down;
  }

  /// Every statement that runs is gone, and its connection with it.
  void stop(MemoryDatabase database) {
    down = true;
    starts++;
    world.schedule.kill(this);
    database.unlockAll();
  }

  void start() {
    down = false;
  }

  private enum Fate {
    WELL,
    AWAY,
    REQUEST_LOST,
    ANSWER_LOST,
    UNREPLICATED
  }

  private Fate fate() {
    if (calm) {
      return Fate.WELL;
    }
    var weather = world.weather;
    var drawn = random.nextInt(PERCENT);
    if ((drawn -= weather.refusals()) < 0) {
      return Fate.AWAY;
    }
    if ((drawn -= weather.lostRequests()) < 0) {
      return Fate.REQUEST_LOST;
    }
    if (drawn < weather.lostAnswers()) {
      return weather.promotions() && drawn == 0 ? Fate.UNREPLICATED : Fate.ANSWER_LOST;
    }
    return Fate.WELL;
  }

  /// The server's process of one statement.
  private final class Backend<T> {
    final MemoryDatabase database;
    final Statement<T> statement;
    @Nullable T answer;
    @Nullable RuntimeException failure;
    boolean done;

    Backend(MemoryDatabase database, Statement<T> statement) {
      this.database = database;
      this.statement = statement;
    }

    void run() {
      try {
        statement.look();
        if (!statement.locked().isEmpty()) {
          delay();
          lock();
          statement.draw();
          delay();
        }
        answer = database.commit(statement);
      } catch (RuntimeException e) {
        failure = e;
      }
      database.unlock(this);
      done = true;
    }

    /// Others go first, and sometimes many.
    private void delay() {
      if (!calm && random.nextInt(SLOW_ONE_IN) == 0) {
        world.schedule.rest(random.nextInt(SLOW_MILLIS_MAX));
      } else {
        world.schedule.letOthersGo();
      }
    }

    private void lock() {
      for (var stream : statement.locked()) {
        world.schedule.awaitCalmly(() -> !database.isLocked(stream), LOCK_MILLIS);
        if (!database.lock(this, stream)) {
          if (statement.name().equals("outbound_messages.publish")) {
            world.reached(Situation.S15);
          }
          throw new DatabaseBusy(
              statement.name() + ": stream " + stream + " is locked", new IllegalStateException());
        }
      }
    }
  }

  @Override
  public <T> T send(MemoryDatabase database, Statement<T> statement) {
    var fate = down ? Fate.AWAY : fate();
    if (fate == Fate.AWAY) {
      world.trace(() -> statement.name() + ": away");
      world.schedule.rest(1);
      throw new DatabaseUnavailable("away");
    }
    var backend = new Backend<>(database, statement);
    var connected = starts;
    if (fate != Fate.REQUEST_LOST) {
      world.schedule.start(this, statement.name(), backend::run);
    }
    if (fate == Fate.WELL) {
      world.schedule.awaitCalmly(() -> backend.done || starts != connected, Long.MAX_VALUE);
    } else {
      var patience = random.nextInt(IMPATIENCE_MILLIS_MAX);
      world.schedule.awaitCalmly(() -> starts != connected, patience);
    }
    if (fate == Fate.WELL && backend.done) {
      return answered(backend);
    }
    if (fate == Fate.UNREPLICATED && backend.done) {
      world.reached(Situation.S13);
    }
    world.trace(() -> statement.name() + ": no answer, " + fate);
    throw DatabaseUnavailable.doubtful("no answer", new IllegalStateException("closed"));
  }

  @SuppressWarnings("NullAway") // a statement without a failure has an answer
  private <T> T answered(Backend<T> backend) {
    var failure = backend.failure;
    world.trace(
        () -> backend.statement.name() + (failure == null ? "" : ": " + failure.getMessage()));
    if (failure != null) {
      throw failure;
    }
    return backend.answer;
  }
}
