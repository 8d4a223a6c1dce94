package trunkline.call;

import java.util.List;
import trunkline.session.Principal;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;

/// The record of a call, or a batch of them, that becomes a stream.
///
/// @param instance the writer and, at first, the holder of the stream
public record CallStart(
    SessionKey session, Principal principal, InstanceId instance, List<Requested> requests) {

  /// One of the calls.
  ///
  /// @param requestId the JSON-RPC id as JSON text
  /// @param request the request's bytes, for a re-run
  /// @param rerunnable whether another instance may run it again
  @SuppressWarnings("ArrayRecordComponent")
  public record Requested(String requestId, String method, byte[] request, boolean rerunnable) {}
}
