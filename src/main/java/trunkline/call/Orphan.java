package trunkline.call;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.session.CallId;
import trunkline.session.Principal;
import trunkline.session.SessionId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;

/// A stream whose writer was lost, now ours to finish.
///
/// @param client the session's id; null when the session is gone
/// @param calls the unfinished ones
public record Orphan(
    StreamId stream,
    int writerEpoch,
    SessionKey session,
    @Nullable SessionId client,
    List<Call> calls) {

  /// Runs that may begin: the first, and one more elsewhere. A call that takes its instance with it
  /// takes no third one.
  public static final int RUNS_MAX = 2;

  /// Whether one of its calls may run again.
  boolean mayRunAgain() {
    return client != null && calls.stream().anyMatch(Call::mayRunAgain);
  }

  /// An unfinished call of a lost writer.
  ///
  /// @param requestId the JSON-RPC id as JSON text
  /// @param request what its client sent, if it may run again
  /// @param runs how many of its runs have begun
  @SuppressWarnings("ArrayRecordComponent")
  public record Call(
      CallId call,
      String requestId,
      Principal principal,
      byte @Nullable [] request,
      int runs,
      boolean cancelled) {

    boolean mayRunAgain() {
      return request != null && !cancelled;
    }

    /// The request, if it may run again and can be read.
    public Optional<Message.Request> toRunAgain() {
      var sent = request;
      if (sent == null || cancelled) {
        return Optional.empty();
      }
      try {
        return Codec.decodeOurs(sent) instanceof Body.Single(Message.Request read)
            ? Optional.of(read)
            : Optional.empty();
      } catch (RuntimeException e) {
        return Optional.empty();
      }
    }
  }
}
