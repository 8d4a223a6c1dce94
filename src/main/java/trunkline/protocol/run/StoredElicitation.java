package trunkline.protocol.run;

import java.time.Duration;
import trunkline.exchange.UrlElicitations;
import trunkline.feature.UrlElicitation;
import trunkline.session.Principal;

/// A handler's view of a page that its user was asked to open, whichever instance asked.
record StoredElicitation(Services services, String id, Principal principal)
    implements UrlElicitation {
  @Override
  public boolean isCompleted() {
    return services.patientlyUntilCancelled(() -> elicitations().isCompleted(id, principal));
  }

  @Override
  public boolean awaitCompleted(Duration patience) {
    return elicitations().await(id, principal, patience);
  }

  private UrlElicitations elicitations() {
    return services.exchanges().elicitations();
  }
}
