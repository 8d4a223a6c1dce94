package trunkline.http;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How long TCP waits for a client to acknowledge what was sent: a machine that fell silent sends
/// no reset, and Linux by itself goes on sending for a quarter of an hour.
///
/// Java has no name for `TCP_USER_TIMEOUT`, so it is set through libc, on the listening sockets:
/// accepted ones inherit it. Elsewhere than on Linux such a client is noticed when TCP gives up.
final class UnacknowledgedLimit {
  private static final Logger LOG = LoggerFactory.getLogger(UnacknowledgedLimit.class);
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private static final int SOL_SOCKET = 1;
  private static final int SO_ACCEPTCONN = 30;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_USER_TIMEOUT = 18;
  private static final int ADDRESS_BYTES = 128;

  private final MethodHandle getsockname =
      function("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private final MethodHandle getsockopt =
      function(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private final MethodHandle setsockopt =
      function(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

  private UnacknowledgedLimit() {}

  /// Sets the limit for every connection that this process accepts on the port from now on.
  ///
  /// @return on how many listening sockets; 0 where the system has no such limit
  static int set(int port, Duration limit) {
    var set = 0;
    if (Files.isDirectory(DESCRIPTORS)) {
      try {
        set = new UnacknowledgedLimit().setOn(port, limit);
      } catch (IOException | RuntimeException | LinkageError e) {
        LOG.debug("no limit for what clients do not acknowledge", e);
      }
    }
    if (set == 0) {
      LOG.info("clients whose machine falls silent are noticed only when TCP gives up");
    }
    return set;
  }

  @SuppressWarnings("restricted") // signatures of libc that do not change
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }

  private int setOn(int port, Duration limit) throws IOException {
    var set = 0;
    try (var arena = Arena.ofConfined();
        var descriptors = Files.list(DESCRIPTORS)) {
      var millis = arena.allocateFrom(JAVA_INT, Math.toIntExact(limit.toMillis()));
      for (var descriptor : descriptors.toList()) {
        var fd = Integer.parseInt(descriptor.getFileName().toString());
        if (listensOn(fd, port, arena)
            && 0 == call(setsockopt, fd, IPPROTO_TCP, TCP_USER_TIMEOUT, millis, Integer.BYTES)) {
          set++;
        }
      }
    }
    return set;
  }

  /// A descriptor that is no socket, or closed meanwhile, answers with an error.
  private boolean listensOn(int fd, int port, Arena arena) {
    var accepts = arena.allocate(JAVA_INT);
    var size = arena.allocateFrom(JAVA_INT, Integer.BYTES);
    if (0 != call(getsockopt, fd, SOL_SOCKET, SO_ACCEPTCONN, accepts, size)
        || accepts.get(JAVA_INT, 0) == 0) {
      return false;
    }
    var address = arena.allocate(ADDRESS_BYTES, Long.BYTES);
    size.set(JAVA_INT, 0, ADDRESS_BYTES);
    return 0 == call(getsockname, fd, address, size) && port(address) == port;
  }

  /// At the same place for both families, in the network's order.
  private static int port(MemorySegment address) {
    return Byte.toUnsignedInt(address.get(JAVA_BYTE, 2)) << 8
        | Byte.toUnsignedInt(address.get(JAVA_BYTE, 3));
  }

  private static int call(MethodHandle function, Object... arguments) {
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // C functions throw nothing
    }
  }
}
