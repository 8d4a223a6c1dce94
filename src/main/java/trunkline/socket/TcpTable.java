package trunkline.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The machine's TCP sockets, where the system tells: Linux does in `/proc`.
public final class TcpTable {
  public static final String HANDSHAKING = "03";
  public static final String LISTENING = "0A";

  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  /// Where a line of the table has them.
  private static final int LOCAL_ADDRESS = 1;

  private static final int STATE = 3;
  private static final int INODE = 9;

  private TcpTable() {}

  /// The inodes of those at the port that are in the state; empty when nobody tells.
  public static List<String> inodes(int port, String state) {
    return TABLES.stream().flatMap(table -> inodes(table, port, state).stream()).toList();
  }

  private static List<String> inodes(Path table, int port, String state) {
    var suffix = ":%04X".formatted(port);
    try (var lines = Files.lines(table)) {
      return lines
          .map(line -> line.strip().split("\\s+"))
          .filter(line -> line.length > INODE && line[STATE].equals(state))
          .filter(line -> line[LOCAL_ADDRESS].toUpperCase(Locale.ROOT).endsWith(suffix))
          .map(line -> line[INODE])
          .toList();
    } catch (IOException | RuntimeException _) {
      return List.of(); // another system, or one that keeps it to itself
    }
  }
}
