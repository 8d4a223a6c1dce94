package trunkline.call;

import java.util.List;
import trunkline.session.Principal;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;

/// The record of a call, or a batch of them, that becomes a stream.
///
/// @param instance the writer and, at first, the holder of the stream
/// @param opening the key under which it may be opened again when the outcome is unknown
public record CallStart(
    SessionKey session,
    Principal principal,
    InstanceId instance,
    long opening,
    List<Requested> requests) {

  /// The key of an instance's opening.
  ///
  /// @param number of the opening, of its process
  public static long opening(InstanceId instance, int number) {
    return (long) instance.value() << 32 | Integer.toUnsignedLong(number);
  }

  /// One of the calls.
  ///
  /// @param requestId the JSON-RPC id as JSON text
  /// @param request the request's bytes, for a re-run
  /// @param rerunnable whether another instance may run it again
  @SuppressWarnings("ArrayRecordComponent")
  public record Requested(String requestId, String method, byte[] request, boolean rerunnable) {}
}
