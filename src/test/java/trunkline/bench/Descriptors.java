package trunkline.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// How many sockets a process may have, which many systems bound more narrowly than many streams
/// need.
final class Descriptors {
  private static final int OTHERS = 500;

  private Descriptors() {}

  /// @throws IllegalStateException with a sentence for whoever started the benchmark
  static void require(int sockets) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        && system.getMaxFileDescriptorCount() < sockets + OTHERS) {
      throw new IllegalStateException(
          "%d open files are too few for %d connections: ulimit -n %d"
              .formatted(system.getMaxFileDescriptorCount(), sockets, sockets + OTHERS));
    }
  }
}
