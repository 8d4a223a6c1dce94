package trunkline.protocol.around;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import trunkline.feature.Interceptor;
import trunkline.feature.Invocation;
import trunkline.feature.Tool;
import trunkline.jsonrpc.RateLimited;

/// Lets only so many calls of a tool run on this instance at a time. One too many waits for its
/// turn: a second where a connection waits for it, so that its refusal has an HTTP status; else as
/// long as it takes. A handler keeps its place until it has really ended.
public final class Places implements Interceptor {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ToolLimits limits;
  private final Duration patience;
  private final Map<String, Semaphore> places = new ConcurrentHashMap<>();

  public Places(ToolLimits limits) {
    this(limits, PATIENCE);
  }

  Places(ToolLimits limits, Duration patience) {
    this.limits = limits;
    this.patience = patience;
  }

  @Override
  public <R> R around(Invocation<R> invocation, Next<R> next) throws Exception {
    if (!(invocation instanceof Invocation.ToolCall call)) {
      return next.proceed(invocation);
    }
    var max = limits.concurrencyOf(call.tool());
    if (max.isEmpty()) {
      return next.proceed(invocation);
    }
    var free = places.computeIfAbsent(call.tool().name(), _ -> new Semaphore(max.getAsInt(), true));
    take(free, call, max.getAsInt());
    try {
      return next.proceed(invocation);
    } finally {
      free.release();
    }
  }

  private void take(Semaphore free, Invocation.ToolCall call, int max) throws InterruptedException {
    if (call.context() instanceof Timed timed && timed.isDetached()) {
      free.acquire();
    } else if (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw full(call.tool(), max);
    }
  }

  private static RuntimeException full(Tool tool, int max) {
    return RateLimited.reached(
        "tool-concurrency",
        "the tool %s runs %d times on this instance, which is its limit; try again later"
            .formatted(tool.name(), max),
        Duration.ofSeconds(1));
  }
}
