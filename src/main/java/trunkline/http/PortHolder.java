package trunkline.http;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import trunkline.socket.TcpTable;

/// The process that listens on a port, where the system tells: Linux does by `/proc`, of the
/// processes of one's own user.
final class PortHolder {
  private PortHolder() {}

  /// `process 4711 (java)`; empty when nobody tells.
  static Optional<String> of(int port) {
    var sockets = new HashSet<String>();
    for (var inode : TcpTable.inodes(port, TcpTable.LISTENING)) {
      sockets.add("socket:[" + inode + "]"); // what a descriptor of such a socket links to
    }
    return sockets.isEmpty() ? Optional.empty() : holder(sockets).map(PortHolder::shown);
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
