package trunkline.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// A client's TCP connection to this machine whose packets can be dropped before TCP sees them: no
/// acknowledgement, no reset, no FIN, as when its machine loses its network. Linux only; needs no
/// privilege, because a process may filter what its own socket hears.
public final class MuteSocket implements AutoCloseable {
  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_FILTER = 26;
  private static final short BPF_RETURN = 6;

  private final Arena arena = Arena.ofShared();
  private final int fd;

  public MuteSocket(int port) {
    fd =
        (int)
            call(
                "socket",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                AF_INET,
                SOCK_STREAM,
                0);
    var address = arena.allocate(16, 8);
    address.set(JAVA_SHORT, 0, (short) AF_INET);
    address.set(JAVA_BYTE, 2, (byte) (port >> 8));
    address.set(JAVA_BYTE, 3, (byte) port);
    address.set(JAVA_BYTE, 4, (byte) 127);
    address.set(JAVA_BYTE, 7, (byte) 1);
    var connected =
        (int)
            call(
                "connect",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
                fd,
                address,
                16);
    if (connected != 0) {
      throw new AssertionError("no connection to port " + port);
    }
  }

  public void send(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var sent =
        call(
            "send",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
            fd,
            arena.allocateFrom(JAVA_BYTE, bytes),
            (long) bytes.length,
            0);
    if ((long) sent != bytes.length) {
      throw new AssertionError("sent " + sent + " of " + bytes.length);
    }
  }

  /// Reads until the text has come.
  public void await(String text) {
    var buffer = arena.allocate(4096);
    var read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      var count =
          (long)
              call(
                  "recv",
                  FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
                  fd,
                  buffer,
                  4096L,
                  0);
      if (count <= 0) {
        throw new AssertionError("no more after: " + read);
      }
      read.append(
          new String(buffer.asSlice(0, count).toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1));
    }
  }

  /// Hears nothing more, and so answers nothing.
  public void mute() {
    var filter = arena.allocate(8, 8);
    filter.set(JAVA_SHORT, 0, BPF_RETURN); // of no byte: drop
    var program = arena.allocate(16, 8);
    program.set(JAVA_SHORT, 0, (short) 1);
    program.set(ADDRESS, 8, filter);
    var attached =
        (int)
            call(
                "setsockopt",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
                fd,
                SOL_SOCKET,
                SO_ATTACH_FILTER,
                program,
                16);
    if (attached != 0) {
      throw new AssertionError("the filter was refused");
    }
  }

  @SuppressWarnings("restricted") // signatures of libc that do not change
  private static Object call(String name, FunctionDescriptor descriptor, Object... arguments) {
    try {
      var linker = Linker.nativeLinker();
      MemorySegment function = linker.defaultLookup().findOrThrow(name);
      return linker.downcallHandle(function, descriptor).invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    var _ = call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), fd);
    arena.close();
  }
}
