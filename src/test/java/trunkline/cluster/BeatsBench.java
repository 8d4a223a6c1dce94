package trunkline.cluster;

import trunkline.signal.InstanceId;

/// Instances, whatever the tables are made of: what the contract of beats needs beside the store.
interface BeatsBench extends AutoCloseable {
  Observer.Beats beats();

  /// An instance with a lease of a minute.
  InstanceId enter();

  /// A sign of life now, and another minute.
  void beat(InstanceId instance);

  /// Its lease is over; its last beat stays.
  void expire(InstanceId instance);

  void leave(InstanceId instance);

  @Override
  void close();
}
