package trunkline.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Keeps the first packet of new connections, their SYN, from listening sockets: who is in stays,
/// who comes is not heard, and says it again after a second.
///
/// A program for the kernel (`SO_ATTACH_FILTER`, Linux, for everybody). The connections inherit it,
/// where there is no such packet.
public final class SynFilter {
  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_FILTER = 26;

  private static final int LOAD_BYTE = 0x30;
  private static final int LOAD_PAIR = 0x28;
  private static final int IF_EQUAL = 0x15;
  private static final int IF_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  /// Of a TCP header, where the kernel's view of the packet begins.
  private static final int SOURCE_PORT = 0;

  private static final int FLAGS = 13;
  private static final int SYN = 0x02;
  private static final int KEEP = -1; // the whole packet, however large
  private static final int DROP = 0;

  private static final MemoryLayout PROGRAM =
      MemoryLayout.structLayout(JAVA_SHORT, MemoryLayout.paddingLayout(6), ADDRESS);

  private SynFilter() {}

  /// Lets the sockets keep silent.
  ///
  /// @param exempt whom the sockets hear still, by the port from which they come
  /// @return whether all of the sockets keep silent to the others
  public static boolean attach(ListeningSockets sockets, List<Integer> exempt) {
    if (sockets.descriptors().isEmpty()) {
      return false;
    }
    try (var arena = Arena.ofConfined()) {
      var length = exempt.size() + 5;
      var steps = arena.allocate(8L * length, 8);
      var at = 0;
      step(steps, at++, LOAD_BYTE, 0, 0, FLAGS);
      step(steps, at++, IF_ANY_BIT, 0, exempt.size() + 2, SYN);
      step(steps, at++, LOAD_PAIR, 0, 0, SOURCE_PORT);
      for (var port : exempt) {
        step(steps, at, IF_EQUAL, length - 2 - at, 0, port);
        at++;
      }
      step(steps, at++, RETURN, 0, 0, DROP);
      step(steps, at, RETURN, 0, 0, KEEP);
      var program = arena.allocate(PROGRAM);
      program.set(JAVA_SHORT, 0, (short) length);
      program.set(ADDRESS, 8, steps);
      return sockets.set(SOL_SOCKET, SO_ATTACH_FILTER, program) == sockets.descriptors().size();
    }
  }

  /// Jumps count from the step that follows.
  private static void step(
      MemorySegment steps, int at, int code, int ifTrue, int ifFalse, int operand) {
    steps.set(JAVA_SHORT, 8L * at, (short) code);
    steps.set(JAVA_BYTE, 8L * at + 2, (byte) ifTrue);
    steps.set(JAVA_BYTE, 8L * at + 3, (byte) ifFalse);
    steps.set(JAVA_INT, 8L * at + 4, operand);
  }
}
