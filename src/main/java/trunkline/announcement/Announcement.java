package trunkline.announcement;

import java.util.Set;
import trunkline.session.SessionKey;

/// One entry of the log, shared by all followers of this instance.
///
/// @param id its place in the log; rises, with holes
/// @param about its subject, by kind: a URI, a session key, a call
/// @param payload for clients the final bytes of a notification, one line; must not be modified
/// @param subscribers of a resource that was updated; else empty
@SuppressWarnings("ArrayRecordComponent") // bytes that go out as they are, to thousands of sockets
public record Announcement(
    long id, AnnouncementKind kind, String about, byte[] payload, Set<SessionKey> subscribers) {

  /// Whether it goes to that session's client.
  public boolean concerns(SessionKey session) {
    return switch (kind.audience()) {
      case EVERY_SESSION -> true;
      case SUBSCRIBERS -> subscribers.contains(session);
      case INSTANCES -> false;
    };
  }

  Announcement to(Set<SessionKey> whom) {
    return new Announcement(id, kind, about, payload, whom);
  }
}
