package trunkline.access.oauth;

/// An identity provider does not answer, or not as it should, and nothing that it said before will
/// do. The message names neither tokens nor what was received.
final class ProviderAway extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean answered;

  private ProviderAway(String reason, boolean answered) {
    super(reason, null, false, false);
    this.answered = answered;
  }

  /// It said something that will not do.
  static ProviderAway saying(String reason) {
    return new ProviderAway(reason, true);
  }

  /// It said nothing.
  static ProviderAway silent(String reason) {
    return new ProviderAway(reason, false);
  }

  /// Whether asking elsewhere makes sense.
  boolean hasAnswered() {
    return answered;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
