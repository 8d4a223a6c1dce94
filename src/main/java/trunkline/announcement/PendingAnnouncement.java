package trunkline.announcement;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An announcement on its way into the log. Its key is given when it is first sent and stays the
/// same however often it is sent again. Only the lane's thread uses it.
final class PendingAnnouncement {
  final AnnouncementKind kind;
  final String about;
  final byte[] payload;
  private @Nullable Key key;

  /// @param writer instance id * 256 + 255, so that it never is a publish lane's
  record Key(long writer, long batch, int ord) {}

  PendingAnnouncement(AnnouncementKind kind, String about, byte[] payload) {
    this.kind = kind;
    this.about = about;
    this.payload = payload;
  }

  boolean isNew() {
    return key == null;
  }

  void assign(Key given) {
    key = given;
  }

  Key key() {
    return Objects.requireNonNull(key);
  }
}
