package trunkline.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongSupplier;

/// How many files and sockets a process of this shell may open. A stream is a socket.
///
/// @param limit the number; 0 when there is none, or none that is known
record Descriptors(LongSupplier limit) {
  private static final String NAME = "descriptors";

  /// What an instance has open besides its streams: jars, connections, logs.
  private static final long BESIDES = 200;

  private static final long ENOUGH = 8_192;

  static long ofThisProcess() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : 0;
  }

  List<Finding> look(Patient patient) {
    var most = limit.getAsLong();
    if (most <= 0) {
      return List.of(Finding.ok(NAME, "there is no limit here"));
    }
    var besides = BESIDES + patient.connections().settings().poolSize();
    var found =
        "a process started here may open %d files and sockets, enough for about %d streams"
            .formatted(most, Math.max(0, most - besides));
    return List.of(
        most < ENOUGH
            ? Finding.warning(
                NAME,
                found,
                "ulimit -n 65536 before ./trunkline serve, or LimitNOFILE=65536 in its unit; doctor sees"
                    + " its own limit, so run it as the instances are run")
            : Finding.ok(NAME, found));
  }
}
