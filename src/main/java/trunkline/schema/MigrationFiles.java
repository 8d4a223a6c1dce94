package trunkline.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Objects;

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
