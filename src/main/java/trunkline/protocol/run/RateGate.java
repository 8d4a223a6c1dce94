package trunkline.protocol.run;

import trunkline.feature.Interceptor;
import trunkline.feature.Invocation;
import trunkline.rate.Rates;

/// Lets a request through to its handler as often as the rates allow. What a handler asks its
/// client is not counted, nor is the second run of a request.
public record RateGate(Rates rates) implements Interceptor {
  @Override
  public <R> R around(Invocation<R> invocation, Next<R> next) throws Exception {
    if (!(invocation instanceof Invocation.Asking)
        && invocation.context() instanceof CallContext context
        && context.countsNow()) {
      if (invocation instanceof Invocation.ToolCall call) {
        rates.admit(context.principal(), call.name());
      } else {
        rates.admit(context.principal());
      }
    }
    return next.proceed(invocation);
  }
}
