package trunkline.signal;

import java.util.Optional;

/// The subject of a wake-up. The letter is its name inside a NOTIFY payload.
public enum Topic {
  /// A stream changed: messages, its end, or another holder.
  STREAM('s'),
  /// A pending request of ours was settled.
  ANSWER('a'),
  /// A call of ours was cancelled.
  CALL('c'),
  /// A task changed, or was answered.
  TASK('t'),
  /// An instance's own row changed: declared dead, drained.
  INSTANCE('i'),
  /// The announcement log has grown.
  ANNOUNCEMENTS('n'),
  /// SQL callers handed something in.
  OUTBOX('o'),
  /// An API key has ended.
  KEY('k');

  private final char letter;

  Topic(char letter) {
    this.letter = letter;
  }

  char letter() {
    return letter;
  }

  /// Empty for what only a newer release knows.
  static Optional<Topic> of(char letter) {
    for (var topic : values()) {
      if (topic.letter == letter) {
        return Optional.of(topic);
      }
    }
    return Optional.empty();
  }
}
