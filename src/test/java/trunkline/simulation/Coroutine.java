package trunkline.simulation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Work that stops where it waits and goes on when it is told to, all on the caller's thread: what
/// the JDK makes its virtual threads of. Dropping one is the death of its process: nothing of it
/// runs any more, no `finally` either.
///
/// Needs `--add-exports java.base/jdk.internal.vm=ALL-UNNAMED`, which the build gives to the tests.
final class Coroutine {
  private static final Object SCOPE;
  private static final MethodHandle NEW;
  private static final MethodHandle RUN;
  private static final MethodHandle DONE;
  private static final MethodHandle YIELD;

  static {
    try {
      var here = MethodHandles.lookup();
      var type = Class.forName("jdk.internal.vm.Continuation");
      var scope = Class.forName("jdk.internal.vm.ContinuationScope");
      SCOPE =
          here.findConstructor(scope, MethodType.methodType(void.class, String.class))
              .invoke("simulation");
      NEW =
          here.findConstructor(type, MethodType.methodType(void.class, scope, Runnable.class))
              .asType(MethodType.methodType(Object.class, Object.class, Runnable.class));
      RUN =
          here.findVirtual(type, "run", MethodType.methodType(void.class))
              .asType(MethodType.methodType(void.class, Object.class));
      DONE =
          here.findVirtual(type, "isDone", MethodType.methodType(boolean.class))
              .asType(MethodType.methodType(boolean.class, Object.class));
      YIELD =
          here.findStatic(type, "yield", MethodType.methodType(boolean.class, scope))
              .asType(MethodType.methodType(boolean.class, Object.class));
    } catch (Throwable e) {
      throw new IllegalStateException(
          "the simulation needs --add-exports java.base/jdk.internal.vm=ALL-UNNAMED", e);
    }
  }

  private final Object continuation;

  Coroutine(Runnable work) {
    try {
      this.continuation = (Object) NEW.invokeExact(SCOPE, work);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /// Runs it until it stops or ends.
  void resume() {
    try {
      RUN.invokeExact(continuation);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  boolean isDone() {
    try {
      return (boolean) DONE.invokeExact(continuation);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /// Stops the one that runs.
  static void stop() {
    try {
      var _ = (boolean) YIELD.invokeExact(SCOPE);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  private static RuntimeException thrown(Throwable e) {
    if (e instanceof RuntimeException failure) {
      return failure;
    }
    if (e instanceof Error failure) {
      throw failure;
    }
    return new IllegalStateException(e);
  }
}
