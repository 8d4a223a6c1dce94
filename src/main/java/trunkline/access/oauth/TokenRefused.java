package trunkline.access.oauth;

/// A token that is not taken. The reason is told to its bearer; it quotes nothing of the token.
final class TokenRefused extends Exception {
  private static final long serialVersionUID = 1L;

  TokenRefused(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
