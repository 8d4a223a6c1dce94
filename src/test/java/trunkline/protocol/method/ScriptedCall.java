package trunkline.protocol.method;

import trunkline.feature.ScriptedContext;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.run.TaskCalls;
import trunkline.protocol.wire.Revision;

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
  public boolean knows(String extension) {
    return false;
  }

  @Override
  public void offerTask() {
    told.add("may become a task");
  }

  @Override
  public boolean countsNow() {
    return false;
  }

  @Override
  public boolean isToBecomeTask() {
    return false;
  }

  @Override
  public RpcException required(UrlElicitationRequired pages) {
    pages.elicitations().forEach(page -> told.add("required " + page.message()));
    return new RpcException(new RpcError(ErrorCode.URL_ELICITATION_REQUIRED, "required"));
  }

  @Override
  public void setLogLevel(LogLevel least) {
    told.add("level " + least.text());
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
