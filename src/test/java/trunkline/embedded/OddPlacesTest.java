package trunkline.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import trunkline.cli.Main;
import trunkline.testing.Requirement;

/// Goal: wherever somebody starts it, it works, or one sentence says what to do. Method: the real
/// program, as root and as others, on folders and disks of all kinds.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OddPlacesTest {
  private static final int SOMEBODY = 65_534;
  private static final int SOMEBODY_ELSE = 65_533;
  private static final List<String> AS_IT_IS = List.of();

  private final List<Path> started = new ArrayList<>();
  private Path classes;
  private Programs programs;
  private Path folder;

  @BeforeAll
  void copyClassPath() throws IOException {
    classes = open(Files.createTempDirectory("trunkline-classes"));
    programs = Programs.in(classes);
  }

  @AfterAll
  void removeClassPath() throws IOException {
    Folders.delete(classes);
  }

  @BeforeEach
  void makeFolder() throws IOException {
    folder = open(Files.createTempDirectory("trunkline-odd"));
  }

  @AfterEach
  void removeFolder() throws IOException {
    for (var data : started) {
      EmbeddedPostgres.stop(data.resolve("postgres"));
    }
    Folders.delete(folder);
  }

  @Test
  void works_in_a_folder_with_spaces_umlauts_and_an_ampersand() throws Exception {
    assertWorks(AS_IT_IS, folder.resolve("Jörg's R&D 100% $HOME/dätä"));
  }

  /// Its home does not exist, so that the programs are unpacked beside the data.
  @Test
  void works_for_an_ordinary_user_whose_home_cannot_be_written() throws Exception {
    var data = belongingTo(SOMEBODY, folder.resolve("own")).resolve("data");

    assertWorks(as(SOMEBODY), data);

    assertThat(data.resolve("postgres/binaries")).isDirectory();
    assertThat(Folders.owner(data.resolve("postgres/data"))).isEqualTo(SOMEBODY);
  }

  @Test
  void another_user_of_the_same_folder_is_told_whose_it_is() throws Exception {
    var data = belongingTo(SOMEBODY, folder.resolve("own")).resolve("data");
    assertWorks(as(SOMEBODY), data);

    assertWayOut(as(SOMEBODY_ELSE), data, "no permission for", "run as the owner of that folder");
    assertWorks(AS_IT_IS, data); // root, who may do everything
    assertWorks(as(SOMEBODY), data); // and has left nothing that is root's
  }

  @Test
  void a_folder_of_somebody_else_is_no_place_for_data() throws Exception {
    var data = belongingTo(SOMEBODY_ELSE, folder.resolve("theirs")).resolve("data");

    assertWayOut(as(SOMEBODY), data, "no permission for", "choose another --data folder");
  }

  @Test
  void a_medium_that_is_read_only_is_no_place_for_data() throws Exception {
    assertWayOut(
        mounted("ro"),
        folder.resolve("mount/data"),
        "Read-only file system",
        "choose a --data folder that can be written");
  }

  @Test
  void a_disk_that_is_too_small_says_so_and_leaves_no_stack_trace() throws Exception {
    assertWayOut(
        mounted("size=20m"),
        folder.resolve("mount/data"),
        "No space left on device",
        "free some, or choose another --data folder");
  }

  @Test
  void data_of_another_major_version_are_left_as_they_are() throws Exception {
    var data = folder.resolve("data");
    assertWorks(AS_IT_IS, data);
    Files.writeString(data.resolve("postgres/data/PG_VERSION"), "19\n");

    assertWayOut(
        AS_IT_IS, data, "initialized by PostgreSQL version 19", "choose another --data folder");
  }

  @Test
  void a_port_of_the_server_that_somebody_took_is_exchanged() throws Exception {
    var data = folder.resolve("data");
    assertWorks(AS_IT_IS, data);
    var file = data.resolve("postgres/port");
    var before = Integer.parseInt(Files.readString(file).strip());

    try (var _ = new ServerSocket(before, 1, InetAddress.getLoopbackAddress())) {
      assertWorks(AS_IT_IS, data);
    }

    assertThat(Files.readString(file).strip()).isNotEqualTo(Integer.toString(before));
  }

  @Test
  void a_port_of_http_that_somebody_took_is_named() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = Integer.toString(taken.getLocalPort());

      assertWayOut(
          AS_IT_IS, folder.resolve("data"), List.of("serve", "--port", port), port, "--port");
    }
  }

  /// Something that makes the database, starts it, uses it and stops it.
  private void assertWorks(List<String> prefix, Path data) throws Exception {
    started.add(data);
    var ended =
        programs.run(JoiningProcess.class, prefix, folder, data.resolve("postgres").toString());
    assertThat(ended.code()).as("%s", ended).isZero();
    assertThat(ended.out().strip()).matches("[0-9]+");
  }

  private void assertWayOut(List<String> prefix, Path data, String... said) throws Exception {
    assertWayOut(prefix, data, List.of("serve", "--port", "0"), said);
  }

  private void assertWayOut(List<String> prefix, Path data, List<String> command, String... said)
      throws Exception {
    started.add(data);
    var arguments = new ArrayList<>(command);
    arguments.addAll(List.of("--data", data.toString()));
    var ended = programs.run(Main.class, prefix, folder, arguments.toArray(String[]::new));
    assertThat(ended.code()).as("%s", ended).isEqualTo(1);
    assertThat(ended.out() + ended.err()).doesNotContain("\tat ", "Exception");
    assertThat(ended.err().lines().toList().getLast()).startsWith("trunkline: ").contains(said);
  }

  /// Who is not root is that ordinary user already, and can be nobody else.
  private static List<String> as(int user) {
    if (!PostgresAccount.isRoot(Platform.ofThisMachine())) {
      if (user == SOMEBODY) {
        return AS_IT_IS;
      }
      throw Requirement.forbidden("only root can be another user");
    }
    return List.of(
        Requirement.program("setpriv").toString(),
        "--reuid=" + user,
        "--regid=" + user,
        "--clear-groups",
        "--");
  }

  private static Path belongingTo(int user, Path path) throws IOException {
    Files.createDirectory(path);
    if (PostgresAccount.isRoot(Platform.ofThisMachine())) {
      Files.setAttribute(path, "unix:uid", user);
      Files.setAttribute(path, "unix:gid", user);
    } else if (user != SOMEBODY) {
      throw Requirement.forbidden("only root can make folders of other users");
    }
    return path;
  }

  /// A disk of its own at `mount`, for the process alone, gone with it.
  private List<String> mounted(String options) throws IOException, InterruptedException {
    var mount = open(Files.createDirectory(folder.resolve("mount")));
    var apart =
        PostgresAccount.isRoot(Platform.ofThisMachine())
            ? List.of("--mount")
            : List.of("--mount", "--map-root-user");
    var prefix = new ArrayList<>(List.of(Requirement.program("unshare").toString()));
    prefix.addAll(apart);
    prefix.addAll(
        List.of(
            "/bin/sh",
            "-c",
            "mount -t tmpfs -o mode=755," + options + " tmpfs \"$0\" && exec \"$@\"",
            mount.toString()));
    var trial = new ArrayList<>(prefix);
    trial.add("true");
    if (new ProcessBuilder(trial).start().waitFor() != 0) {
      throw Requirement.forbidden("a disk of its own cannot be mounted");
    }
    return prefix;
  }

  private static Path open(Path folder) throws IOException {
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
