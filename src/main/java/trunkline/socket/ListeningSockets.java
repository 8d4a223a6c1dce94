package trunkline.socket;

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
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The descriptors of this process that listen on a port, for options of which Java has no name:
/// they are set through libc.
///
/// Found once, when the process has few descriptors. Only Linux tells; elsewhere there are none.
public record ListeningSockets(int port, List<Integer> descriptors) {
  private static final Logger LOG = LoggerFactory.getLogger(ListeningSockets.class);
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int SOL_SOCKET = 1;
  private static final int SO_ACCEPTCONN = 30;
  private static final int ADDRESS_BYTES = 128;

  /// Bound when the first server of the process asks.
  private static final class Libc {
    static final MethodHandle GETSOCKNAME =
        function("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    static final MethodHandle GETSOCKOPT =
        function(
            "getsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    static final MethodHandle SETSOCKOPT =
        function(
            "setsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

    @SuppressWarnings("restricted") // signatures of libc that do not change
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
      var linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
  }

  public static ListeningSockets at(int port) {
    List<Integer> found = new ArrayList<>();
    if (Files.isDirectory(DESCRIPTORS)) {
      try (var arena = Arena.ofConfined();
          var descriptors = Files.list(DESCRIPTORS)) {
        descriptors
            .map(descriptor -> Integer.valueOf(descriptor.getFileName().toString()))
            .filter(descriptor -> listensOn(descriptor, port, arena))
            .forEach(found::add);
      } catch (IOException | RuntimeException | LinkageError e) {
        LOG.debug("no options for the sockets that listen on port {}", port, e);
      }
    }
    return new ListeningSockets(port, List.copyOf(found));
  }

  /// Sets an option on each of them that still listens.
  ///
  /// @return on how many
  int set(int level, int option, MemorySegment value) {
    var set = 0;
    try (var arena = Arena.ofConfined()) {
      for (var descriptor : descriptors) {
        if (listensOn(descriptor, port, arena)
            && 0
                == call(
                    Libc.SETSOCKOPT,
                    descriptor,
                    level,
                    option,
                    value,
                    Math.toIntExact(value.byteSize()))) {
          set++;
        }
      }
    }
    return set;
  }

  /// A descriptor that is no socket, or closed meanwhile, answers with an error.
  private static boolean listensOn(int descriptor, int port, Arena arena) {
    var accepts = arena.allocate(JAVA_INT);
    var size = arena.allocateFrom(JAVA_INT, Integer.BYTES);
    if (0 != call(Libc.GETSOCKOPT, descriptor, SOL_SOCKET, SO_ACCEPTCONN, accepts, size)
        || accepts.get(JAVA_INT, 0) == 0) {
      return false;
    }
    var address = arena.allocate(ADDRESS_BYTES, Long.BYTES);
    size.set(JAVA_INT, 0, ADDRESS_BYTES);
    return 0 == call(Libc.GETSOCKNAME, descriptor, address, size) && port(address) == port;
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
