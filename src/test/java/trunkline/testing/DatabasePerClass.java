package trunkline.testing;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Hands a [TestDatabase] or a [TestCluster] to a test that names one as a parameter, and holds
/// each class to leaving nothing behind: no connection, no transaction, no thread that keeps the
/// JVM alive.
public final class DatabasePerClass
    implements ParameterResolver, BeforeAllCallback, AfterClassTemplateInvocationCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(DatabasePerClass.class);

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == TestDatabase.class || type == TestCluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var database = database(context);
    return parameter.getParameter().getType() == TestDatabase.class
        ? database
        : context
            .getStore(NAMESPACE)
            .computeIfAbsent(TestCluster.class, _ -> new TestCluster(database), TestCluster.class);
  }

  /// The database of the nearest scope: the method's class if its constructor named one.
  static TestDatabase database(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(Lent.class, _ -> new Lent(TestDatabase.create()), Lent.class)
        .database();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    // The first in the store is closed last: after the cluster whose threads it looks for.
    context.getStore(NAMESPACE).put(ThreadsBefore.class, new ThreadsBefore(lastingThreads()));
  }

  /// A class that runs several times starts each time from nothing.
  @Override
  public void afterClassTemplateInvocation(ExtensionContext context) {
    for (var scope = Optional.of(context); scope.isPresent(); scope = scope.get().getParent()) {
      var store = scope.get().getStore(NAMESPACE);
      var cluster = store.remove(TestCluster.class, TestCluster.class);
      if (cluster != null) {
        cluster.close();
      }
      var lent = store.remove(Lent.class, Lent.class);
      if (lent != null) {
        lent.close();
      }
    }
  }

  private static Set<Thread> lastingThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon())
        .filter(thread -> !thread.getName().startsWith("junit"))
        .collect(Collectors.toSet());
  }

  private record ThreadsBefore(Set<Thread> before) implements AutoCloseable {
    @Override
    public void close() {
      var left = new HashSet<>(lastingThreads());
      left.removeAll(before);
      var deadline = System.nanoTime() + PATIENCE.toNanos();
      while (left.removeIf(thread -> !thread.isAlive()) || !left.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              "the test left threads running: "
                  + left.stream().map(Thread::getName).sorted().collect(Collectors.joining(", ")));
        }
        Thread.onSpinWait();
      }
    }
  }

  /// Closed by JUnit when the scope ends, after everything that was opened later in the scope.
  private record Lent(TestDatabase database) implements AutoCloseable {
    @Override
    public void close() {
      try (database) {
        database.requireQuiet(PATIENCE);
      }
    }
  }
}
