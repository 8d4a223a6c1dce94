package trunkline.stream;

import trunkline.session.SessionKey;
import trunkline.session.StreamId;

/// A stream that this instance holds, and where its reader starts.
///
/// @param epoch fences: another holder has a higher one
/// @param primes whether the client's revision knows events without data (2025-11-25 and later)
public record ClaimedStream(
    SessionKey session,
    StreamId stream,
    boolean standalone,
    long epoch,
    EventId from,
    boolean primes) {}
