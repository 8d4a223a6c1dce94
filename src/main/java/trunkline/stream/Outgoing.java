package trunkline.stream;

import org.jspecify.annotations.Nullable;
import trunkline.session.StreamId;

/// One thing to write to a stream.
///
/// @param writerEpoch the run of the call that writes; 0 for a standalone stream, where anybody may
/// @param payload the message's final UTF-8 bytes without CR or LF; null to end the stream silently
/// @param last whether the stream ends with it
/// @param answers the call that this is the response of, which it finishes
/// @param question the question that this message asks the client, stored with it
record Outgoing(
    StreamId stream,
    int writerEpoch,
    byte @Nullable [] payload,
    boolean last,
    @Nullable CallId answers,
    @Nullable Question question) {

  int bytes() {
    return payload == null ? 0 : payload.length;
  }
}
