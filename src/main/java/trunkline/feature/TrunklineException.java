package trunkline.feature;

import org.jspecify.annotations.Nullable;

/// What a server throws at the program that embeds it: it does not start, or could not do what it
/// was asked to. The message says what was wrong and what would be right, without secrets; the
/// cause is kept.
public abstract class TrunklineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What has to change.
  public enum Reason {
    /// An option is wrong, or contradicts another.
    OPTION,
    /// The database is away, refuses, lacks a right or is not fit.
    DATABASE,
    /// The schema is not that of this release, and cannot be brought there by this role.
    SCHEMA,
    /// The port is taken, or the address is not this machine's.
    LISTENING
  }

  private final Reason reason;

  protected TrunklineException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public final Reason reason() {
    return reason;
  }
}
