package trunkline.protocol.listen;

import trunkline.task.TaskId;
import trunkline.task.TaskKey;

/// Something that may have changed. Whoever is told asks anew, so two equal ones are as good as
/// one, and one too many does no harm.
///
/// A further kind is a record here: equal when it is about the same thing, and without anything
/// that ages while it waits, such as a task's status. It is put into [Filter] when a client asks
/// for it, told by [Listens#tell], and put into words when it is written ([ListenStream]), where
/// the database may be asked for what there is by then. One that is to be told its present state at
/// first waits from the beginning ([Filter#first()]).
public sealed interface Hint {
  /// To be listed anew.
  record ListChanged(ChangedList list) implements Hint {}

  /// To be read anew.
  record ResourceUpdated(String uri) implements Hint {}

  /// To be looked at anew, which its stream does for its client.
  record TaskChanged(TaskKey key, TaskId id) implements Hint {}
}
