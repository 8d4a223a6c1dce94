package trunkline.signal;

/// The use of NOTIFY that an instance must make.
public enum NotifyMode {
  /// Listen, and poll for as long as that does not work.
  IF_POSSIBLE,
  /// Listen, or refuse to start.
  REQUIRED,
  /// Neither listen nor notify.
  NEVER
}
