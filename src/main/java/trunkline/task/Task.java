package trunkline.task;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import trunkline.session.StreamId;

/// A task as it was when it was read.
///
/// @param key its key in the database
/// @param notificationStream the standalone stream of the session that asked for it; null without
///   one
/// @param message for people: why it failed, what it waits for
/// @param ttl how long after its creation it is kept
/// @param changes how often it has changed
public record Task(
    TaskKey key,
    TaskId id,
    @Nullable StreamId notificationStream,
    TaskStatus status,
    @Nullable String message,
    Instant createdAt,
    Instant updatedAt,
    Duration ttl,
    int changes) {}
