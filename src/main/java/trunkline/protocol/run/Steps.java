package trunkline.protocol.run;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Action;
import trunkline.feature.RequestContext;
import trunkline.jsonrpc.Codec;
import trunkline.memory.HeldMemory;
import trunkline.store.Interruption;

/// The steps that a handler does once, however often its request runs ([RequestContext#once(String,
/// Action)]). What a step gave is remembered before the handler goes on, where another run may
/// follow; a request that never runs again stores nothing.
final class Steps {
  private final Services services;
  private final Carrier carrier;
  private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();
  private final Map<String, String> outcomes = new ConcurrentHashMap<>();
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable StepMemory memory;

  Steps(Services services, Carrier carrier) {
    this.services = services;
    this.carrier = carrier;
  }

  <X extends Exception> JsonNode once(String name, Action<? extends JsonNode, X> step) throws X {
    var turn = turn(name);
    try {
      turn.lockInterruptibly(); // nothing is begun by a handler that is to stop
    } catch (InterruptedException e) {
      throw Interruption.restored("cancelled before the step '" + name + "'", e);
    }
    try {
      recall();
      var known = outcomes.get(name);
      return Codec.tree(known != null ? known : remember(name, step.perform()));
    } finally {
      turn.unlock();
    }
  }

  /// One thread at a time does a step; others of the handler's wait for what it gives.
  private ReentrantLock turn(String name) {
    if (name.isEmpty()
        || name.length() > RequestContext.STEP_NAME_LENGTH_MAX
        || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a step's name has 1 to %d characters, none of them U+0000, not %d"
              .formatted(RequestContext.STEP_NAME_LENGTH_MAX, name.length()));
    }
    var turn = turns.computeIfAbsent(name, _ -> new ReentrantLock());
    if (turns.size() > RequestContext.STEPS_MAX) {
      turns.remove(name);
      throw new IllegalStateException(
          "a request has at most " + RequestContext.STEPS_MAX + " steps that are done once");
    }
    if (turn.isHeldByCurrentThread()) {
      throw new IllegalStateException("the step '" + name + "' waits for itself");
    }
    return turn;
  }

  /// What former runs did, read once, before the first step; and a place for what this one does.
  private void recall() {
    if (memory != null || !(carrier.runs().former() || carrier.runs().next())) {
      return;
    }
    opening.lock();
    try {
      if (memory == null) {
        var opened = carrier.steps();
        if (carrier.runs().former()) {
          services.patientlyUntilCancelled(opened::former).forEach(this::note);
        }
        memory = opened;
      }
    } finally {
      opening.unlock();
    }
  }

  private void note(String name, String outcome) {
    HeldMemory.here().note(outcome.length());
    outcomes.put(name, outcome);
  }

  private String remember(String name, JsonNode value) {
    var outcome = fitting(name, Codec.text(value));
    var kept = memory;
    if (kept != null && carrier.runs().next()) {
      outcome =
          remember(kept, name, outcome)
              .orElseThrow(
                  () -> new CancellationException("another instance runs this request by now"));
    }
    note(name, outcome);
    return outcome;
  }

  /// What was done must be remembered: a handler that is stopped meanwhile hears of it afterwards.
  private Optional<String> remember(StepMemory kept, String name, String outcome) {
    var interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return services.patiently(() -> kept.remember(name, outcome));
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

  private static String fitting(String name, String outcome) {
    var bytes = outcome.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > RequestContext.STEP_BYTES_MAX) {
      throw new IllegalArgumentException(
          "the step '%s' gave %d bytes of JSON; what is remembered of a step has at most %d"
              .formatted(name, bytes, RequestContext.STEP_BYTES_MAX));
    }
    return outcome;
  }
}
