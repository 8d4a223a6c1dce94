package trunkline.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The sign of life of a thread that this process cannot do without: it beats with each turn of its
/// loop, and whoever asks whether the process lives looks for the one that fell silent.
///
/// Idle and patient is alive: a thread says for how long it rests, and what waits for the database
/// beats meanwhile, or an outage would have every instance killed. A thread that ended, but not
/// because it was told to, stays in the list and so falls silent as well. One list for the process,
/// as its end is one: whatever hangs, it is the process that a supervisor starts anew.
public final class Pulse implements Runnable {
  /// Longer than whatever a turn may wait for without a beat: a connection and a statement of a
  /// database that has gone silent are given up within a fifth of it.
  public static final Duration SILENCE_MAX = Duration.ofSeconds(60);

  private static final ScopedValue<Pulse> HERE = ScopedValue.newInstance();
  private static final Set<Pulse> LIVING = ConcurrentHashMap.newKeySet();

  private static volatile long silenceMaxNanos = SILENCE_MAX.toNanos();

  private final String name;
  private final Runnable life;

  /// Until then it may be silent for good reason.
  private volatile long restsUntilNanos;

  private Pulse(String name, Runnable life) {
    this.name = name;
    this.life = life;
  }

  /// A thread's whole work, with a pulse from its start to its end. An [Error] in it ends the
  /// process.
  public static Runnable of(String name, Runnable life) {
    return new Pulse(name, life);
  }

  @Override
  public void run() {
    restsUntilNanos = System.nanoTime();
    LIVING.add(this);
    try {
      ScopedValue.where(HERE, this).run(life);
    } catch (Error e) {
      Crash.because(e); // where a test has replaced the end, nobody else is to meet it
    }
    LIVING.remove(this);
  }

  /// Says that the calling thread turns. Costs nothing to threads without a pulse.
  public static void beat() {
    rest(Duration.ZERO);
  }

  /// Says that the calling thread turns, and may now wait for so long.
  public static void rest(Duration wait) {
    if (HERE.isBound()) {
      HERE.get().restsUntilNanos = System.nanoTime() + wait.toNanos();
    }
  }

  /// Whether the calling thread has to say that it turns while it waits.
  public static boolean isExpected() {
    return HERE.isBound();
  }

  /// The names of the threads that have not turned for too long, in order.
  public static List<String> silent() {
    var since = System.nanoTime() - silenceMaxNanos;
    return LIVING.stream()
        .filter(pulse -> pulse.restsUntilNanos - since < 0)
        .map(pulse -> pulse.name)
        .sorted()
        .toList();
  }

  /// Replaces the bound for a test.
  public static AutoCloseable silentAfter(Duration other) {
    silenceMaxNanos = other.toNanos();
    return () -> silenceMaxNanos = SILENCE_MAX.toNanos();
  }
}
