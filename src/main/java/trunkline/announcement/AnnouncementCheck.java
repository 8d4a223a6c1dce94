package trunkline.announcement;

/// What an announcement has to be so that every reader can take it. Whoever writes is refused what
/// does not hold; a reader passes it over, since anybody may have put it there.
final class AnnouncementCheck {
  private AnnouncementCheck() {}

  /// What is wrong, empty when nothing is.
  static String fault(AnnouncementKind kind, String about, byte[] payload) {
    if (about.length() > AnnouncementPolicy.ABOUT_LENGTH_MAX || about.indexOf('\0') >= 0) {
      return "its subject is too long, or has a NUL";
    }
    return switch (kind.audience()) {
      case EVERY_SESSION, SESSIONS_OF_PRINCIPAL, SUBSCRIBERS -> payloadFault(payload);
      case INSTANCES -> isUnderstood(kind, about) ? "" : "its subject cannot be read";
    };
  }

  private static String payloadFault(byte[] payload) {
    if (payload.length == 0) {
      return "its payload is empty";
    }
    if (payload.length > AnnouncementPolicy.PAYLOAD_BYTES_MAX) {
      return "its payload has more than " + AnnouncementPolicy.PAYLOAD_BYTES_MAX + " bytes";
    }
    for (var b : payload) {
      if (b == '\n' || b == '\r') {
        return "its payload has a line break, which would forge an event";
      }
    }
    return "";
  }

  private static boolean isUnderstood(AnnouncementKind kind, String about) {
    try {
      switch (kind) {
        case CALL_CANCELLED -> {
          var _ = CancelledCall.parse(about);
        }
        case SESSION_CHANGED -> {
          var _ = Long.parseLong(about);
        }
        default -> {} // nothing to read
      }
      return true;
    } catch (RuntimeException e) {
      return false; // whatever the parsers threw at it
    }
  }
}
