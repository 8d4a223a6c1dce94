package trunkline.protocol;

import trunkline.feature.ScriptedContext;
import trunkline.feature.Severity;

/// A request in a session, without either: remembers what its method did to the session.
final class ScriptedCall extends ScriptedContext implements CallContext {
  private final Revision revision;

  ScriptedCall(Revision revision) {
    this.revision = revision;
  }

  @Override
  public Revision revision() {
    return revision;
  }

  @Override
  public void setLogLevel(Severity least) {
    told.add("level " + least.json());
  }

  @Override
  public void subscribe(String uri) {
    told.add("subscribed " + uri);
  }

  @Override
  public void unsubscribe(String uri) {
    told.add("unsubscribed " + uri);
  }
}
