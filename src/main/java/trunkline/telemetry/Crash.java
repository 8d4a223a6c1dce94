package trunkline.telemetry;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of a process that met an [Error] on a thread that it cannot do without.
///
/// Out of memory or with broken classes, a thread that is gone leaves a server that says it is well
/// and answers nobody. Ended at once it is merely an instance that died: the others take over, and
/// whoever supervises it starts it anew.
public final class Crash {
  /// What a supervisor sees: sysexits' "internal software error".
  public static final int EXIT_CODE = 70;

  private static final Logger LOG = LoggerFactory.getLogger(Crash.class);

  private static volatile Consumer<Error> ending = Crash::halt;

  private Crash() {}

  /// Ends the process. Returns only where a test has replaced the end.
  public static void because(Error error) {
    ending.accept(error);
  }

  /// Has an [Error] that nobody caught end the process as well, on threads of libraries such as the
  /// one that accepts connections. A virtual thread is one request's alone.
  public static void onUncaught() {
    Thread.setDefaultUncaughtExceptionHandler(Crash::uncaught);
  }

  private static void uncaught(Thread thread, Throwable failure) {
    if (failure instanceof Error error && !thread.isVirtual()) {
      because(error);
      return;
    }
    LOG.atError().setCause(failure).log("thread {} ended", thread.getName());
  }

  /// Replaces the end for a test.
  public static AutoCloseable replacedBy(Consumer<Error> other) {
    ending = other;
    return () -> ending = Crash::halt;
  }

  /// Without shutdown hooks, which would wait for threads that are gone.
  private static void halt(Error error) {
    try {
      LOG.error("an error ends this instance: {}", ServerEvent.place(error), error);
    } finally {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
