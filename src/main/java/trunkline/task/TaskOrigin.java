package trunkline.task;

import tools.jackson.databind.node.ObjectNode;
import trunkline.session.Principal;
import trunkline.session.Session;
import trunkline.session.SessionId;
import trunkline.session.StreamId;

/// Whose call became a task, and where it is said what a run may ask of that client.
public sealed interface TaskOrigin {
  Principal principal();

  /// Of a session, which says it.
  ///
  /// @param notifications its standalone stream
  record InSession(Principal principal, SessionId session, StreamId notifications)
      implements TaskOrigin {
    public static InSession of(Session session) {
      return new InSession(session.principal(), session.id(), session.standaloneStream());
    }
  }

  /// Of a client without a session; what its request said is kept with the task.
  ///
  /// @param revision in which it spoke
  /// @param capabilities that it declared
  record Alone(Principal principal, String revision, ObjectNode capabilities)
      implements TaskOrigin {}
}
