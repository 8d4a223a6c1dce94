package trunkline.signal;

/// How this instance learns of news.
public enum WakeMode {
  /// By NOTIFY, proven by a canary; the slow poll is only the net below.
  NOTIFY,
  /// By looking often: there is no listener, or it is not known to hear.
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
