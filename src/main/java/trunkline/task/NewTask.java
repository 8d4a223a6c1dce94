package trunkline.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The parts of a task.
///
/// @param request the call's parameters, for a re-run
/// @param recollection what the call has asked and done before it became a task; null: nothing
/// @param rerunnable whether another instance may run it again
/// @param ttl how long to keep it, from now
@SuppressWarnings("ArrayRecordComponent")
public record NewTask(
    TaskOrigin origin,
    String tool,
    byte[] request,
    byte @Nullable [] recollection,
    boolean rerunnable,
    Duration ttl) {}
