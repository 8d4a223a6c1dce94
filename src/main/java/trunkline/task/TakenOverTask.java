package trunkline.task;

import trunkline.session.Principal;
import trunkline.session.SessionId;

/// A task whose executor was lost and that is now ours to run again.
@SuppressWarnings("ArrayRecordComponent")
public record TakenOverTask(
    Task task, TaskRun run, SessionId session, Principal principal, byte[] request) {}
