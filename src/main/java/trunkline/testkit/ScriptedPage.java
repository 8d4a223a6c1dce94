package trunkline.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import trunkline.feature.UrlElicitation;

/// A page that nobody waits for: the user is done there now, or will not be.
record ScriptedPage(String id, BooleanSupplier done) implements UrlElicitation {
  @Override
  public boolean isCompleted() {
    return done.getAsBoolean();
  }

  @Override
  public boolean awaitCompleted(Duration patience) {
    return isCompleted();
  }
}
