package trunkline.signal;

/// The way to learn of changes.
public enum WakeMode {
  /// By NOTIFY, proven by a canary; the slow poll is only the net below.
  NOTIFY,
  /// By polling often: there is no listener, or it is not known to hear.
  POLLING;

  /// As the database and the logs call it.
  public String word() {
    return switch (this) {
      case NOTIFY -> "notify";
      case POLLING -> "polling";
    };
  }

  public static WakeMode of(String word) {
    for (var mode : values()) {
      if (mode.word().equals(word)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("no wake mode: " + word);
  }
}
