package trunkline.signal;

import java.util.Collection;

/// Wakes instances, after the commit of what it is about. A hint, which may get lost.
public interface Waking {
  /// Wakes an instance; does not wait for it.
  void wake(InstanceId instance, Collection<Wake> wakes);

  /// The same by the calling thread, which is one of the database's and idle: nobody else has to
  /// wake for it first.
  default void wakeFromHere(InstanceId instance, Collection<Wake> wakes) {
    wake(instance, wakes);
  }

  /// Wakes every instance, this one included.
  void wakeAll(Wake wake);
}
