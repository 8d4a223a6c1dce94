package trunkline.signal;

/// What an instance is asked to do about NOTIFY.
public enum NotifyMode {
  /// Listen, and poll for as long as that does not work.
  IF_POSSIBLE,
  /// Listen, or refuse to start.
  REQUIRED,
  /// Neither listen nor notify.
  NEVER
}
