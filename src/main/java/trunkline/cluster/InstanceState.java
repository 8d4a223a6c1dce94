package trunkline.cluster;

/// What the directory says of an instance.
public enum InstanceState {
  READY,
  DRAINING,
  /// Its lease is over, but nobody has declared it dead yet.
  SILENT,
  DEAD,
  LEFT
}
