package trunkline.announcement;

import java.util.Set;
import trunkline.session.SessionKey;

/// One entry of the log, shared by all followers of this instance.
///
/// @param id its place in the log; rises, with holes
/// @param about its subject, by kind: a URI, a principal, a session key, a call
/// @param payload for clients the final bytes of a notification, one line; must not be modified
/// @param addressees the subscribers of a resource that was updated, the sessions of a principal;
///   else empty
@SuppressWarnings("ArrayRecordComponent") // bytes that go out as they are, to thousands of sockets
public record Announcement(
    long id, AnnouncementKind kind, String about, byte[] payload, Set<SessionKey> addressees) {

  /// Whether it goes to that session's client.
  public boolean concerns(SessionKey session) {
    return switch (kind.audience()) {
      case EVERY_SESSION -> true;
      case SESSIONS_OF_PRINCIPAL -> about.isEmpty() || addressees.contains(session);
      case SUBSCRIBERS -> addressees.contains(session);
      case INSTANCES -> false;
    };
  }

  Announcement to(Set<SessionKey> whom) {
    return new Announcement(id, kind, about, payload, whom);
  }
}
