package trunkline.http;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The process that listens on a port, where the system tells: Linux does by `/proc`, of the
/// processes of one's own user.
final class PortHolder {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final String LISTENING = "0A";

  /// Where a line of the table has them.
  private static final int LOCAL_ADDRESS = 1;

  private static final int STATE = 3;
  private static final int INODE = 9;

  private PortHolder() {}

  /// `process 4711 (java)`; empty when nobody tells.
  static Optional<String> of(int port) {
    var sockets = new HashSet<String>();
    for (var table : TABLES) {
      sockets.addAll(listening(table, port));
    }
    return sockets.isEmpty() ? Optional.empty() : holder(sockets).map(PortHolder::shown);
  }

  /// What a descriptor of such a socket links to.
  private static Set<String> listening(Path table, int port) {
    var suffix = ":%04X".formatted(port);
    var sockets = new HashSet<String>();
    try (var lines = Files.lines(table)) {
      lines
          .map(line -> line.strip().split("\\s+"))
          .filter(line -> line.length > INODE && line[STATE].equals(LISTENING))
          .filter(line -> line[LOCAL_ADDRESS].toUpperCase(Locale.ROOT).endsWith(suffix))
          .forEach(line -> sockets.add("socket:[" + line[INODE] + "]"));
    } catch (IOException | RuntimeException _) {
      return Set.of(); // another system, or one that keeps it to itself
    }
    return sockets;
  }

  private static Optional<ProcessHandle> holder(Set<String> sockets) {
    return ProcessHandle.allProcesses().filter(process -> holds(process, sockets)).findFirst();
  }

  private static boolean holds(ProcessHandle process, Set<String> sockets) {
    var folder = Path.of("/proc", Long.toString(process.pid()), "fd");
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(folder)) {
      for (var descriptor : descriptors) {
        if (leadsTo(descriptor, sockets)) {
          return true;
        }
      }
      return false;
    } catch (IOException | RuntimeException _) {
      return false; // somebody else's, or gone
    }
  }

  private static boolean leadsTo(Path descriptor, Set<String> sockets) {
    try {
      return sockets.contains(Files.readSymbolicLink(descriptor).toString());
    } catch (IOException _) {
      return false; // closed meanwhile
    }
  }

  private static String shown(ProcessHandle process) {
    if (process.pid() == ProcessHandle.current().pid()) {
      return "this process itself";
    }
    var command = process.info().command().map(it -> " (" + Path.of(it).getFileName() + ")");
    return "process " + process.pid() + command.orElse("");
  }
}
