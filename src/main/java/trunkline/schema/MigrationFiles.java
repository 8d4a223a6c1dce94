package trunkline.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Where the migrations stand on the class path, which is shared with whoever embeds us: under our
/// own name, so that neither Flyway runs the other's.
final class MigrationFiles {
  private static final String FOLDER = "trunkline/migration";

  static final String LOCATION = "classpath:" + FOLDER;

  /// Flyway takes every callback that it finds there, whatever its configuration says.
  private static final String CALLBACKS_OF_OTHERS = "db/callback";

  private MigrationFiles() {}

  /// The text of one of them.
  static String text(String script) {
    try (var file = MigrationFiles.class.getResourceAsStream("/" + FOLDER + "/" + script)) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A migration of this release.
  ///
  /// @param checksum as the history has it: of the lines, whatever ends them
  record Known(String script, int checksum) {
    static Known of(String script) {
      var crc = new CRC32();
      text(script).lines().forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
      return new Known(script, (int) crc.getValue());
    }
  }

  /// All of them, in no order; empty where the class path is neither jars nor folders.
  static List<Known> known() {
    var folder = MigrationFiles.class.getResource("/" + FOLDER);
    try {
      return folder == null
          ? List.of()
          : names(folder).filter(name -> name.endsWith(".sql")).map(Known::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> names(URL folder) throws IOException {
    if (folder.openConnection() instanceof JarURLConnection jar) {
      var prefix = jar.getEntryName().replaceAll("/?$", "/");
      return jar.getJarFile().stream()
          .map(JarEntry::getName)
          .filter(name -> name.startsWith(prefix))
          .map(name -> name.substring(prefix.length()));
    }
    if (!folder.getProtocol().equals("file")) {
      return Stream.empty();
    }
    try (var files = Files.list(Path.of(URI.create(folder.toString())))) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }

  /// The class path as Flyway may see it: ours, whichever class loader the calling thread prefers,
  /// without what an embedding program wrote for its own migrations.
  static ClassLoader classPath() {
    return new ClassLoader(MigrationFiles.class.getClassLoader()) {
      @Override
      public Enumeration<URL> getResources(String name) throws IOException {
        return name.startsWith(CALLBACKS_OF_OTHERS)
            ? Collections.emptyEnumeration()
            : super.getResources(name);
      }
    };
  }
}
