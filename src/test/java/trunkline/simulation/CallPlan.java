package trunkline.simulation;

import java.nio.charset.StandardCharsets;
import trunkline.session.Session;

/// A client's call: what it says on the way, and whether it may run again.
///
/// @param poison whether it takes its instance with it
record CallPlan(Session session, String requestId, int steps, boolean rerunnable, boolean poison) {
  byte[] request() {
    return requestId.getBytes(StandardCharsets.UTF_8);
  }
}
