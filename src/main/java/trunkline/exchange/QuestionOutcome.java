package trunkline.exchange;

/// The one outcome of a question, as its row has it.
enum QuestionOutcome {
  /// By the client; only then there is an answer.
  ANSWERED("answered"),
  /// By the asker, at its deadline.
  EXPIRED("expired"),
  /// By the asker, when its call was cancelled or wants no answer any more.
  CANCELLED("cancelled"),
  /// By the end of the session.
  SESSION_ENDED("session ended"),
  /// By the sweep, when the asker is dead.
  ABANDONED("abandoned");

  private final String text;

  QuestionOutcome(String text) {
    this.text = text;
  }

  /// As the row, the client and the metrics have it.
  String text() {
    return text;
  }

  /// Reads what a row says. What only a newer release knows is no answer, and the question is over.
  static QuestionOutcome of(String text) {
    for (var outcome : values()) {
      if (outcome.text.equals(text)) {
        return outcome;
      }
    }
    return ABANDONED;
  }
}
