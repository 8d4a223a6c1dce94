package trunkline.simulation;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import trunkline.store.Clockwork;

/// One order of everything that happens, drawn from a number: whoever may go on is asked one after
/// the other, on one thread, and time passes only between them.
final class Schedule implements Clockwork.Driver {
  private static final int STEP_MICROS_MAX = 600;

  /// For so long the product's lanes wait for work when nothing else is due, and wait again.
  private static final long IDLE_MILLIS = 100;

  private static final long NEVER = Long.MAX_VALUE;

  private final SplittableRandom random;
  private final List<Strand> strands = new ArrayList<>();
  private final IdentityHashMap<Object, Long> frozen = new IdentityHashMap<>();
  private long nanos = 1;
  private Strand current = new Strand("outside", "outside", () -> {});

  /// Work of one owner: an instance's thread, the database's side of a statement, a client.
  private static final class Strand {
    final Object owner;
    final String name;
    final Coroutine coroutine;
    Clockwork.Awaited happened = () -> true;
    long untilNanos = NEVER;
    boolean interrupted;
    boolean calm;

    Strand(Object owner, String name, Runnable work) {
      this.owner = owner;
      this.name = name;
      this.coroutine = new Coroutine(work);
    }

    boolean isReady() {
      return (interrupted && !calm) || happened.isThere();
    }
  }

  Schedule(SplittableRandom random) {
    this.random = random;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /// Whose strand runs.
  Object owner() {
    return current.owner;
  }

  @Override
  public void start(String name, Runnable work) {
    start(current.owner, name, work);
  }

  void start(Object owner, String name, Runnable work) {
    strands.add(new Strand(owner, name, work));
  }

  /// Ends all that the owner does, wherever it is.
  void kill(Object owner) {
    strands.removeIf(strand -> strand.owner.equals(owner));
  }

  /// Keeps all that the owner does where it is for so long.
  void freeze(Object owner, long millis) {
    frozen.put(owner, nanos + TimeUnit.MILLISECONDS.toNanos(millis));
  }

  void thaw() {
    frozen.clear();
  }

  private boolean isFrozen(Strand strand) {
    return !frozen.isEmpty() && frozen.getOrDefault(strand.owner, 0L) > nanos;
  }

  /// Interrupts the owner's strand of this name at its next wait.
  void interrupt(Object owner, String name) {
    strands.stream()
        .filter(strand -> strand.owner.equals(owner) && strand.name.equals(name))
        .forEach(strand -> strand.interrupted = true);
  }

  @Override
  public void await(Clockwork.Awaited happened, long patienceMillis) throws InterruptedException {
    var mine = current;
    if (!mine.interrupted) {
      mine.happened = happened;
      mine.untilNanos = patienceMillis == IDLE_MILLIS ? NEVER : until(patienceMillis);
      Coroutine.stop();
    }
    if (mine.interrupted) {
      mine.interrupted = false;
      throw new InterruptedException();
    }
  }

  private long until(long patienceMillis) {
    return patienceMillis == NEVER ? NEVER : nanos + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
  }

  /// Lets others go first.
  void letOthersGo() {
    awaitCalmly(() -> true, NEVER);
  }

  @Override
  public void pause(long millis) throws InterruptedException {
    await(() -> false, millis == IDLE_MILLIS ? millis + 1 : millis);
  }

  /// Waits where nobody interrupts.
  void rest(long millis) {
    awaitCalmly(() -> false, millis);
  }

  void awaitCalmly(Clockwork.Awaited happened, long patienceMillis) {
    var mine = current;
    mine.happened = happened;
    mine.untilNanos = until(patienceMillis);
    mine.calm = true;
    Coroutine.stop();
    mine.calm = false;
  }

  /// Lets one go on: the first that can, from one that is drawn.
  ///
  /// @return false: nobody ever will
  boolean step() {
    var count = strands.size();
    var next = NEVER;
    for (int tried = 0, at = count == 0 ? 0 : random.nextInt(count); tried < count; tried++, at++) {
      var strand = strands.get(at < count ? at : at - count);
      if (isFrozen(strand)) {
        next = Math.min(next, frozen.getOrDefault(strand.owner, NEVER));
      } else if (strand.untilNanos <= nanos || strand.isReady()) {
        nanos += 1_000L * random.nextInt(1, STEP_MICROS_MAX);
        resume(strand);
        return true;
      } else {
        next = Math.min(next, strand.untilNanos);
      }
    }
    nanos = next;
    return next != NEVER;
  }

  private void resume(Strand strand) {
    var before = current;
    current = strand;
    try {
      strand.coroutine.resume();
    } catch (RuntimeException e) {
      strands.remove(strand);
      throw new IllegalStateException(strand.owner + ", " + strand.name + ": " + e, e);
    } finally {
      current = before;
    }
    if (strand.coroutine.isDone()) {
      strands.remove(strand);
    }
  }
}
