package trunkline.protocol.around;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import trunkline.audit.Deed;
import trunkline.feature.Interceptor;
import trunkline.feature.Invocation;
import trunkline.feature.RequestContext;
import trunkline.feature.ToolFailed;

/// Interrupts a tool that takes too long, and tells its client. One that hears no interrupt is not
/// waited for: its client gets the error a moment later, and what it returns at last is dropped.
public final class TimeLimit implements Interceptor {
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final ToolLimits limits;
  private final Map<RequestContext, Deadline> running = new ConcurrentHashMap<>();

  public TimeLimit(ToolLimits limits) {
    this.limits = limits;
  }

  @Override
  public <R> R around(Invocation<R> invocation, Next<R> next) throws Exception {
    return switch (invocation) {
      case Invocation.ToolCall call -> {
        var limit = limits.timeoutOf(call.tool());
        yield limit.isPresent() && call.context() instanceof Timed timed
            ? within(limit.get(), call, timed, () -> next.proceed(invocation))
            : next.proceed(invocation);
      }
      case Invocation.Asking asking -> waiting(asking, () -> next.proceed(invocation));
      default -> next.proceed(invocation);
    };
  }

  @FunctionalInterface
  private interface Work<R> {
    R run() throws Exception;
  }

  private <R> R within(Duration limit, Invocation.ToolCall call, Timed timed, Work<R> work)
      throws Exception {
    var said =
        "The tool %s was stopped: it may take %s, and was not done by then"
            .formatted(call.tool().name(), spelled(limit));
    var deed = Deed.here();
    var deadline =
        new Deadline(
            limit,
            GRACE,
            () -> {
              deed.timedOut();
              timed.giveUp(said);
            });
    running.put(call.context(), deadline);
    try (deadline) {
      return work.run();
    } catch (InterruptedException | CancellationException e) {
      if (deadline.isExpired() && !call.context().isCancelled()) {
        deed.timedOut();
        throw new ToolFailed(said);
      }
      throw e;
    } catch (Exception e) {
      if (deadline.isExpired()) { // of the interrupt, most likely
        deed.timedOut();
        throw new ToolFailed(said);
      }
      throw e;
    } finally {
      running.remove(call.context());
    }
  }

  private <R> R waiting(Invocation.Asking asking, Work<R> work) throws Exception {
    var deadline = running.get(asking.context());
    if (deadline == null) {
      return work.run();
    }
    deadline.stand(true);
    try {
      return work.run();
    } finally {
      deadline.stand(false);
    }
  }

  private static String spelled(Duration limit) {
    return limit.toMillisPart() == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }
}
