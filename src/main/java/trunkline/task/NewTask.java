package trunkline.task;

import java.time.Duration;
import trunkline.session.Session;

/// The parts of a task.
///
/// @param session whose client asked for it
/// @param request the call's parameters, for a re-run
/// @param rerunnable whether another instance may run it again
/// @param ttl how long to keep it, from now
@SuppressWarnings("ArrayRecordComponent")
public record NewTask(
    Session session, String tool, byte[] request, boolean rerunnable, Duration ttl) {}
