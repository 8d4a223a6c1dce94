package trunkline.protocol.run;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Action;
import trunkline.feature.RequestContext;
import trunkline.jsonrpc.Codec;
import trunkline.memory.HeldMemory;
import trunkline.protocol.round.StepMemory;
import trunkline.store.Interruption;

/// The steps that a handler does once, however often its request runs ([RequestContext#once(String,
/// Action)]). What a step gave is remembered before the handler goes on, where another run may
/// follow; a request that never runs again stores nothing.
final class Steps {
  private final Services services;
  private final Carrier carrier;
  private final Map<String, Doing> steps = new ConcurrentHashMap<>();
  private volatile @Nullable StepMemory memory;

  /// A step that a thread of the handler does, or has done.
  ///
  /// @param thread its number; 0, which none has, for what a former run did
  /// @param outcome none when it threw
  private record Doing(long thread, CompletableFuture<Optional<String>> outcome) {
    static Doing here() {
      return new Doing(Thread.currentThread().threadId(), new CompletableFuture<>());
    }

    static Doing done(String outcome) {
      return new Doing(0, CompletableFuture.completedFuture(Optional.of(outcome)));
    }

    boolean isWaitingForItself() {
      return thread == Thread.currentThread().threadId() && !outcome.isDone();
    }
  }

  Steps(Services services, Carrier carrier) {
    this.services = services;
    this.carrier = carrier;
  }

  <X extends Exception> JsonNode once(String name, Action<? extends JsonNode, X> step) throws X {
    requireName(name);
    recall();
    while (true) {
      var mine = Doing.here();
      var first = steps.putIfAbsent(name, mine);
      if (first == null) {
        return Codec.tree(perform(name, mine, step));
      }
      var given = await(name, first);
      if (given.isPresent()) {
        return Codec.tree(given.get());
      }
    }
  }

  private static void requireName(String name) {
    if (name.isEmpty()
        || name.length() > RequestContext.STEP_NAME_LENGTH_MAX
        || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a step's name has 1 to %d characters, none of them U+0000, not %d"
              .formatted(RequestContext.STEP_NAME_LENGTH_MAX, name.length()));
    }
  }

  /// Before the first step: what former runs did, and a place for what this one does. Threads that
  /// do it at the same time find the same.
  private void recall() {
    var runs = carrier.runs();
    if (memory != null || !(runs.former() || runs.next())) {
      return;
    }
    var opened = carrier.steps();
    if (runs.former()) {
      services
          .patientlyUntilCancelled(opened::former)
          .forEach((name, outcome) -> steps.putIfAbsent(name, Doing.done(noted(outcome))));
    }
    memory = opened;
  }

  private static String noted(String outcome) {
    HeldMemory.here().note(outcome.length());
    return outcome;
  }

  private <X extends Exception> String perform(
      String name, Doing mine, Action<? extends JsonNode, X> step) throws X {
    var given = Optional.<String>empty();
    try {
      if (steps.size() > RequestContext.STEPS_MAX) {
        throw new IllegalStateException(
            "a request has at most " + RequestContext.STEPS_MAX + " steps that are done once");
      }
      var outcome = noted(remembered(name, fitting(name, Codec.text(step.perform()))));
      given = Optional.of(outcome);
      return outcome;
    } finally {
      if (given.isEmpty()) {
        steps.remove(name, mine); // for whoever tries again
      }
      mine.outcome().complete(given);
    }
  }

  private static Optional<String> await(String name, Doing other) {
    if (other.isWaitingForItself()) {
      throw new IllegalStateException("the step '" + name + "' waits for itself");
    }
    try {
      return other.outcome().get();
    } catch (InterruptedException e) {
      throw Interruption.restored("cancelled while another thread does the step", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nobody completes it so
    }
  }

  private static String fitting(String name, String outcome) {
    var bytes = outcome.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > RequestContext.STEP_BYTES_MAX) {
      throw new IllegalArgumentException(
          "the step '%s' gave %d bytes of JSON; what is remembered of a step has at most %d"
              .formatted(name, bytes, RequestContext.STEP_BYTES_MAX));
    }
    return outcome;
  }

  /// What was done must be remembered: a handler that is stopped meanwhile hears of it afterwards.
  private String remembered(String name, String outcome) {
    var keeps = memory;
    if (keeps == null || !carrier.runs().next()) {
      return outcome;
    }
    var interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return services
              .patiently(() -> keeps.remember(name, outcome))
              .orElseThrow(
                  () -> new CancellationException("another instance runs this request by now"));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
