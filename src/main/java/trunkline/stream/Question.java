package trunkline.stream;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.session.PendingId;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;
import trunkline.trace.TraceParent;

/// The row of a pending request, stored in the statement that publishes it, so that neither exists
/// without the other and an answer that overtakes its question finds it.
///
/// @param pending the JSON-RPC id on the wire
/// @param asker the instance that waits for the answer
/// @param ordinal 1-based, of the questions of its stream
/// @param digest SHA-256 of method and parameters
/// @param taskInput the task's input that it passes on; null for a question of the call itself
/// @param trace the question's span, for whichever instance takes the answer; null without one
public record Question(
    PendingId pending,
    SessionKey session,
    InstanceId asker,
    int ordinal,
    String method,
    byte[] digest,
    Duration patience,
    @Nullable Long taskInput,
    @Nullable TraceParent trace) {

  /// SHA-256 of method and parameters, by which a re-run recognizes a question.
  public static byte[] digest(String method, ObjectNode params) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(method.getBytes(StandardCharsets.UTF_8));
      return sha.digest(Codec.text(params).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
