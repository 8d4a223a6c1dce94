package trunkline.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import trunkline.store.DatabaseUnavailable;

/// The account of the server's programs. PostgreSQL refuses to run as root, containers love root:
/// then another account of the machine runs it and owns its data; where that account cannot read
/// the folder (below `/root`, say) it runs in a user namespace, in which root is nobody.
///
/// @param prefix prefix of each command; empty for an ordinary user
/// @param user numeric owner of the data, -1 where it is ours
/// @param group numeric group of the data, as the user
record PostgresAccount(List<String> prefix, int user, int group) {
  private static final long ROOT = 0;
  private static final List<String> NAMESPACE = List.of("unshare", "--user", "--");
  private static final List<String> CANDIDATES = List.of("nobody", "postgres");

  /// The account of an ordinary user, who owns what it makes.
  private static final PostgresAccount OURS = new PostgresAccount(List.of(), -1, -1);

  /// Nobody is root on Windows, where an administrator's start is run with fewer rights by
  /// PostgreSQL's own programs.
  static boolean isRoot(Platform platform) {
    return !platform.isWindows() && new UnixSystem().getUid() == ROOT;
  }

  private static boolean isRoot() {
    return isRoot(Platform.ofThisMachine());
  }

  /// The account for a new data folder in `folder`.
  static PostgresAccount choose(Path folder, PostgresBinaries binaries) throws IOException {
    if (!isRoot()) {
      return OURS;
    }
    for (var name : CANDIDATES) {
      for (var account : accounts(name)) {
        if (account.canReach(folder, binaries)) {
          return account;
        }
      }
    }
    var account = new PostgresAccount(NAMESPACE, 0, 0);
    if (account.canReach(folder, binaries)) {
      return account;
    }
    throw new DatabaseUnavailable(
        "PostgreSQL does not run as root, and no other way was found: run as an ordinary user, or"
            + " choose a --data folder that the user 'nobody' can reach (now "
            + folder
            + "), or give --database-url");
  }

  /// The account that owns an existing data folder: it must stay the one that runs it.
  static PostgresAccount ownerOf(Path data, PostgresBinaries binaries) throws IOException {
    if (binaries.platform().isWindows()) {
      return OURS;
    }
    var user = Folders.owner(data);
    var group = Folders.group(data);
    if (!isRoot()) {
      if (user != new UnixSystem().getUid()) {
        throw new DatabaseUnavailable(
            data
                + " belongs to another user (uid "
                + user
                + "): run as that user, or choose another --data folder");
      }
      return OURS;
    }
    if (user == ROOT) {
      return new PostgresAccount(NAMESPACE, user, group);
    }
    for (var switching : switching(user, group)) {
      var account = new PostgresAccount(switching, user, group);
      if (account.canReach(data, binaries)) {
        return account;
      }
    }
    throw new DatabaseUnavailable(
        data + " belongs to uid " + user + ", and root could not run PostgreSQL as that user");
  }

  List<String> command(List<String> arguments) {
    var command = new ArrayList<>(prefix);
    command.addAll(arguments);
    return command;
  }

  /// Gives a file of ours to the account, where it is not ours already.
  void give(Path path) throws IOException {
    if (isRoot() && user != ROOT) {
      Files.setAttribute(path, "unix:gid", group);
      Files.setAttribute(path, "unix:uid", user);
    }
  }

  private boolean canReach(Path folder, PostgresBinaries binaries) {
    try {
      var test =
          command(
              List.of(
                  "/bin/sh",
                  "-c",
                  "test -x \"$0\" && test -x \"$1\"",
                  binaries.program("postgres").toString(),
                  folder.toString()));
      return new ProcessBuilder(test)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false; // the program that switches accounts is not installed
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<PostgresAccount> accounts(String name) throws IOException {
    var entry = passwdEntry(0, name);
    if (entry.isEmpty()) {
      return List.of();
    }
    var user = Integer.parseInt(entry.get()[2]);
    var group = Integer.parseInt(entry.get()[3]);
    return switching(user, group).stream()
        .map(switching -> new PostgresAccount(switching, user, group))
        .toList();
  }

  private static List<List<String>> switching(int user, int group) throws IOException {
    var ways = new ArrayList<List<String>>();
    ways.add(List.of("setpriv", "--reuid=" + user, "--regid=" + group, "--clear-groups", "--"));
    passwdEntry(2, Integer.toString(user))
        .ifPresent(entry -> {
          ways.add(List.of("runuser", "-u", entry[0], "--"));
          ways.add(List.of("sudo", "-n", "-u", entry[0], "--")); // macOS has only this one
        });
    return ways;
  }

  /// A line of `/etc/passwd` (name:x:uid:gid:…) whose given field has the value.
  private static Optional<String[]> passwdEntry(int field, String value) throws IOException {
    var passwd = Path.of("/etc/passwd");
    if (!Files.isReadable(passwd)) {
      return Optional.empty();
    }
    try (var lines = Files.lines(passwd)) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length >= 4 && fields[field].equals(value))
          .findFirst();
    }
  }
}
