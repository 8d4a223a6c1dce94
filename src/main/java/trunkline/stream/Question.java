package trunkline.stream;

import java.time.Duration;
import trunkline.session.SessionKey;

/// The row of a pending request, stored in the statement that publishes it, so that neither exists
/// without the other and an answer that overtakes its question finds it.
///
/// @param pending the JSON-RPC id on the wire
/// @param asker the instance that waits for the answer
/// @param ordinal which question of its stream this is, from 1
/// @param digest SHA-256 of method and parameters
public record Question(
    long pending,
    SessionKey session,
    int asker,
    int ordinal,
    String method,
    byte[] digest,
    Duration patience) {}
