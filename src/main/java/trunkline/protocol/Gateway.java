package trunkline.protocol;

import trunkline.session.Principal;
import trunkline.session.Sender;

/// The HTTP endpoint's view of the protocol: one call per HTTP request, on the connection's virtual
/// thread, which may wait.
///
/// Callers must have passed the guards of `http`: host, origin, authentication, size, content type
/// and `Accept`; whether an answer may come as JSON or as events is settled there. An exception
/// that escapes is logged and answered as an internal error without its text, except
/// [trunkline.store.DatabaseUnavailable], which becomes a 503 with `Retry-After`.
public interface Gateway {
  Reply post(Sender sender, McpHeaders headers, byte[] body) throws InterruptedException;

  Reply get(Principal principal, McpHeaders headers) throws InterruptedException;

  Reply delete(Principal principal, McpHeaders headers) throws InterruptedException;
}
