package trunkline.testing;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Hands a [TestDatabase] or a [TestCluster] to whoever names one as a parameter, and holds each
/// class to leaving nothing behind: no connection, no transaction, no thread that keeps the JVM
/// alive.
public final class DatabasePerClass
    implements ParameterResolver, BeforeAllCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(DatabasePerClass.class);

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
    context.getStore(NAMESPACE).put("threads", lastingThreads());
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    var before = (Set<?>) context.getStore(NAMESPACE).get("threads");
    var left = new HashSet<>(lastingThreads());
    left.removeAll(before);
    for (var thread : left) {
      thread.join(2_000);
    }
    left.removeIf(thread -> !thread.isAlive());
    if (!left.isEmpty()) {
      throw new AssertionError(
          "the test left threads running: "
              + left.stream().map(Thread::getName).sorted().collect(Collectors.joining(", ")));
    }
  }

  private static Set<Thread> lastingThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon())
        .filter(thread -> !thread.getName().startsWith("junit"))
        .collect(Collectors.toSet());
  }

  /// Closed by JUnit when the scope ends, after everything that was opened later in the scope.
  private record Lent(TestDatabase database) implements AutoCloseable {
    @Override
    public void close() {
      try (database) {
        database.requireQuiet(Duration.ofSeconds(3));
      }
    }
  }
}
