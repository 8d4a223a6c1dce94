package trunkline.protocol;

import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.run.Calls;
import trunkline.protocol.run.Services;
import trunkline.protocol.wire.Params;
import trunkline.session.Session;

/// The notifications of clients: a call is cancelled, a question has progressed, roots changed.
record ClientNotices(Services services, Calls calls) {

  /// Always accepted; what we don't know is ignored.
  void take(Session session, Message.Notification notification) throws InterruptedException {
    if (notification.method().equals("notifications/cancelled")) {
      var reason = notification.params().path("reason").asString("");
      RequestId request;
      try {
        request = RequestId.of(notification.params().path("requestId"));
      } catch (RpcException e) {
        return; // names no request: nothing to cancel, and a notification has no answer
      }
      calls.cancel(session, request, Params.abbreviate(reason));
    }
    if (notification.method().equals("notifications/progress")) {
      var reported = ProgressReport.parse(notification.params());
      if (reported.isPresent()) {
        progress(session, reported.get());
      }
    }
    if (notification.method().equals("notifications/roots/list_changed")) {
      calls.rootsChanged(session);
    }
  }

  private void progress(Session session, ProgressReport reported) throws InterruptedException {
    services.patiently(() -> {
      services.exchanges().advance(session.key(), reported.question(), reported.advance());
      return true;
    });
  }
}
