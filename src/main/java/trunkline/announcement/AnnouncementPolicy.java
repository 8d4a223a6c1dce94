package trunkline.announcement;

import java.time.Duration;

/// The limits of the log and of what an instance keeps of it.
///
/// @param retention how long announcements are kept for sessions without an open stream
/// @param ringEntriesMax announcements kept in memory; followers further behind read the log
/// @param ringBytesMax size of what is kept in memory: payloads, and who is to get them
public record AnnouncementPolicy(Duration retention, int ringEntriesMax, long ringBytesMax) {
  /// The same limit is in `trunkline.notification_line`.
  static final int PAYLOAD_BYTES_MAX = 262_144;

  static final int ABOUT_LENGTH_MAX = 2_048;

  /// Rows of one read, of the log or of the outbox.
  static final int PAGE_ROWS_MAX = 500;

  private static final long RING_BYTES_MAX = 32L << 20;
  private static final int RING_HEAP_PART = 16;

  /// An hour; 4,096 entries in memory, and 32 MiB of them or a sixteenth of a small heap.
  public static final AnnouncementPolicy DEFAULT =
      new AnnouncementPolicy(
          Duration.ofHours(1),
          4_096,
          Math.clamp(
              Runtime.getRuntime().maxMemory() / RING_HEAP_PART,
              4L * PAYLOAD_BYTES_MAX,
              RING_BYTES_MAX));

  public AnnouncementPolicy {
    if (!retention.isPositive() || ringEntriesMax < 1 || ringBytesMax < PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "retention %s, ringEntriesMax %d, ringBytesMax %d"
              .formatted(retention, ringEntriesMax, ringBytesMax));
    }
  }
}
