package trunkline.embedded;

import java.util.Arrays;

/// What an operator can do about a reason that PostgreSQL or the operating system gives.
enum WayOut {
  DISK_FULL("No space left on device", "free some, or choose another --data folder"),
  QUOTA("Disk quota exceeded", "free some, or choose another --data folder"),
  WINDOWS_DISK_FULL("not enough space on the disk", "free some, or choose another --data folder"),
  READ_ONLY("Read-only file system", "choose a --data folder that can be written"),
  OTHER_MAJOR(
      "incompatible with server",
      "run the release that made it, or choose another --data folder (dump there, restore here)"),
  NOT_ROOT(
      "cannot be run as root",
      "run as an ordinary user, or give --database-url of a PostgreSQL of your own");

  private final String reason;
  private final String remedy;

  WayOut(String reason, String remedy) {
    this.reason = reason;
    this.remedy = remedy;
  }

  /// The reason, and what to do about it where that is known.
  static String addedTo(String reason) {
    return Arrays.stream(values())
        .filter(each -> reason.contains(each.reason))
        .findFirst()
        .map(each -> reason + ": " + each.remedy)
        .orElse(reason);
  }
}
