package trunkline.trace;

import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Message;

/// The operations that came in with one body, while the thread that brought them serves it.
public final class Operations {
  private static final ScopedValue<Operations> HERE = ScopedValue.newInstance();
  private static final Operations NONE = new Operations(Tracing.OFF, Map.of());

  private final Tracing tracing;
  private final Map<Message, Operation> begun;

  private Operations(Tracing tracing, Map<Message, Operation> begun) {
    this.tracing = tracing;
    this.begun = begun;
  }

  /// Those of the messages of a body.
  ///
  /// @param headers of the transport, by their names in lower case
  /// @param targets says what a message is about
  public static Operations arrived(
      Tracing tracing,
      Arrival arrival,
      Function<String, @Nullable String> headers,
      List<Message> messages,
      Function<Message, Target> targets) {
    var begun = new IdentityHashMap<Message, Operation>();
    for (var message : messages) {
      if (message instanceof Message.Request || message instanceof Message.Notification) {
        begun.put(message, tracing.arrived(arrival, headers, message, targets.apply(message)));
      }
    }
    return new Operations(tracing, begun);
  }

  /// Those that the calling thread brought.
  public static Operations here() {
    return HERE.isBound() ? HERE.get() : NONE;
  }

  /// That of one message.
  public Operation of(Message message) {
    return Objects.requireNonNullElse(begun.get(message), Operation.NONE);
  }

  /// Notes the session that all of them belong to.
  public void ofSession(long key, String revision) {
    begun.values().forEach(operation -> operation.ofSession(key, revision));
  }

  /// Notes the answer of a client to a question.
  ///
  /// @param question its span, where that is known
  /// @param came when
  public void answered(String method, @Nullable TraceParent question, Instant came) {
    if (tracing.isOn()) {
      tracing.answered(method, question, came);
    }
  }

  /// Serves them; a single one is the thread's current one. One that goes on with a former round
  /// begins when that is known.
  public <T> T serve(Callable<T> serving) throws Exception {
    return ScopedValue.where(HERE, this)
        .call(() -> {
          if (begun.size() != 1) {
            return serving.call();
          }
          var entry = begun.entrySet().iterator().next();
          if (isFurtherRound(entry.getKey())) {
            return serving.call();
          }
          try (var _ = entry.getValue().enter()) {
            return serving.call();
          }
        });
  }

  private static boolean isFurtherRound(Message message) {
    return message instanceof Message.Request request && request.params().has("requestState");
  }

  /// Ends those that nobody runs.
  public void endOthers(Consumer<Operation> ending) {
    for (var operation : begun.values()) {
      if (!operation.isTaken()) {
        ending.accept(operation);
      }
    }
  }
}
