package trunkline.protocol.run;

import trunkline.feature.RequestContext;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.wire.Revision;

/// A request being served: what its handler may do, and what its method needs beyond that.
public interface CallContext extends RequestContext {
  Revision revision();

  /// Whether the client declared that it knows this extension.
  boolean knows(String extension);

  /// From now on the handler may say that it goes on as a task.
  void offerTask();

  /// Whether this is the request itself, which rates count: true once, and never for a task that
  /// was made of it, nor when it is run again.
  boolean countsNow();

  /// Whether it has said so; then its run is over, whatever it returned.
  boolean isToBecomeTask();

  /// Stores the pages that the user has to open first, so that they can be completed from then on.
  ///
  /// @return the client's error, if it opens pages
  RpcException required(UrlElicitationRequired pages);

  /// The session's minimum level from now on, on every instance.
  void setLogLevel(LogLevel least);

  /// Committed when it returns.
  void subscribe(String uri);

  /// Committed when it returns; succeeds without one too.
  void unsubscribe(String uri);

  /// The tasks of the request's principal.
  TaskCalls tasks();
}
