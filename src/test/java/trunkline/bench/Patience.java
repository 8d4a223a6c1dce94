package trunkline.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// How long the load waits for what must come: an answer that is lost fails its row, which would
/// hang otherwise.
final class Patience {
  static final int SECONDS = 60;

  private Patience() {}

  static void await(CompletableFuture<Void> over) throws Exception {
    try {
      var _ = over.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer within " + SECONDS + " s", e);
    }
  }
}
