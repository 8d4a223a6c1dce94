package trunkline.protocol;

import trunkline.feature.ScriptedContext;
import trunkline.feature.Severity;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;

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
  public RpcException required(UrlElicitationRequired pages) {
    pages.elicitations().forEach(page -> told.add("required " + page.message()));
    return new RpcException(new RpcError(ErrorCode.URL_ELICITATION_REQUIRED, "required"));
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

  @Override
  public TaskCalls tasks() {
    throw new UnsupportedOperationException("no tasks here");
  }
}
