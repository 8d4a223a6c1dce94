package trunkline.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SIGTERM or ctrl-C for a process that is ending already, which the JVM would ignore. By
/// reflection, because the one API for it warns whoever names it; where there is none, such a
/// signal is ignored as before.
final class FurtherSignal {
  private static final Logger LOG = LoggerFactory.getLogger(FurtherSignal.class);

  private FurtherSignal() {}

  /// Runs the action for each one from now on, on a thread of its own.
  static void onEach(Runnable action) {
    for (var name : List.of("TERM", "INT")) {
      try {
        var signal = Class.forName("sun.misc.Signal");
        var handler = Class.forName("sun.misc.SignalHandler");
        var heard =
            Proxy.newProxyInstance(
                FurtherSignal.class.getClassLoader(),
                new Class<?>[] {handler},
                (self, method, arguments) -> invoked(self, method, arguments, action));
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), heard);
      } catch (ReflectiveOperationException e) {
        LOG.debug("a further SIG{} is ignored: {}", name, String.valueOf(e.getMessage()));
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
  private static @Nullable Object invoked(
      Object self, Method method, Object @Nullable [] arguments, Runnable action) {
    return switch (method.getName()) {
      case "handle" -> {
        action.run();
        yield null;
      }
      case "equals" -> arguments != null && arguments[0] == self;
      case "hashCode" -> System.identityHashCode(self);
      default -> "further signal";
    };
  }
}
