package trunkline.protocol.method;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.run.Method;

/// A method that is about a feature, which may need scopes.
///
/// @param admission refuses whoever sees the feature and may not use it; what is wrong besides is
///   for the method to say
record Admitted(Method method, Admission admission) implements Method {
  @FunctionalInterface
  interface Admission {
    void require(CallContext context, ObjectNode params);
  }

  @Override
  public void admit(CallContext context, ObjectNode params) {
    admission.require(context, params);
  }

  @Override
  public JsonNode handle(CallContext context, ObjectNode params) throws InterruptedException {
    return method.handle(context, params);
  }

  @Override
  public boolean isRetryable(ObjectNode params) {
    return method.isRetryable(params);
  }
}
