package trunkline.signal;

import java.util.Collection;

/// Wakes instances, after the commit of what it is about. A hint, which may get lost.
public interface Waking {
  /// Wakes an instance; does not wait for it.
  void wake(InstanceId instance, Collection<Wake> wakes);

  /// Wakes every instance, this one included.
  void wakeAll(Wake wake);
}
