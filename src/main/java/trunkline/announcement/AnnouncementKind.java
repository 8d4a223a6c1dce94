package trunkline.announcement;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The kinds of announcements. In the log it is written in lower case.
public enum AnnouncementKind {
  /// About nothing, or about the principal whose list alone has changed.
  TOOLS_CHANGED(Audience.SESSIONS_OF_PRINCIPAL),
  RESOURCES_CHANGED(Audience.SESSIONS_OF_PRINCIPAL),
  PROMPTS_CHANGED(Audience.SESSIONS_OF_PRINCIPAL),
  /// About a URI; for the sessions that subscribed to it.
  RESOURCE_UPDATED(Audience.SUBSCRIBERS),
  /// A notification for every client, as the caller wrote it.
  BROADCAST(Audience.EVERY_SESSION),
  /// About a session key: it ended, or its log level or the like changed; the payload says what.
  SESSION_CHANGED(Audience.INSTANCES),
  /// About a [CancelledCall]: cancel it, if it runs here; the payload is the reason.
  CALL_CANCELLED(Audience.INSTANCES),
  /// A rate was set or cleared by SQL.
  RATES_CHANGED(Audience.INSTANCES),
  /// The log begins anew: the floor tells every cursor below of a gap, and nobody listens.
  DATABASE_RESTORED(Audience.INSTANCES);

  /// The addressees of an announcement.
  enum Audience {
    EVERY_SESSION,
    /// Every session, when it is about nobody.
    SESSIONS_OF_PRINCIPAL,
    SUBSCRIBERS,
    /// The servers themselves; nothing of it goes to a client.
    INSTANCES
  }

  private final Audience audience;

  AnnouncementKind(Audience audience) {
    this.audience = audience;
  }

  Audience audience() {
    return audience;
  }

  static List<String> of(Audience audience) {
    return Arrays.stream(values())
        .filter(kind -> kind.audience == audience)
        .map(AnnouncementKind::text)
        .toList();
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Empty for what only a newer release knows.
  static Optional<AnnouncementKind> parse(String text) {
    for (var kind : values()) {
      if (kind.text().equals(text)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
