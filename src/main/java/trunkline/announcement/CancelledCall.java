package trunkline.announcement;

import trunkline.jsonrpc.RequestId;
import trunkline.session.SessionKey;

/// The call that a [AnnouncementKind#CALL_CANCELLED] is about: request ids are unique in their
/// session only, and `1` is not `"1"`.
public record CancelledCall(SessionKey session, RequestId request) {

  /// As an announcement's `about`.
  public String text() {
    return session + " " + request.encoded();
  }

  /// The reverse of [#text()].
  public static CancelledCall parse(String about) {
    var blank = about.indexOf(' ');
    return new CancelledCall(
        new SessionKey(Long.parseLong(about, 0, blank, 10)),
        RequestId.decoded(about.substring(blank + 1)));
  }
}
