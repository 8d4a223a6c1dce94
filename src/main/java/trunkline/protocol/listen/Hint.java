package trunkline.protocol.listen;

/// Something that may have changed. Whoever is told asks anew, so two equal ones are as good as
/// one, and one too many does no harm.
///
/// A further kind, such as a task whose status changed, is a record here: equal when it is about
/// the same thing, and without anything that ages while it waits, such as the status. It is put
/// into [Filter] when a client asks for it, told by [Listens#tell], and put into words when it is
/// written ([ListenStream]), where the database may be asked for what there is by then. One that is
/// to be told its present state at first waits from the beginning ([Filter#first()]).
public sealed interface Hint {
  /// To be listed anew.
  record ListChanged(ChangedList list) implements Hint {}

  /// To be read anew.
  record ResourceUpdated(String uri) implements Hint {}
}
