package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestDatabase;

class SchemaSnapshotTest {
  private static final Path COMMITTED = Path.of("db/schema.sql");

  /// With `-Dtrunkline.generate` (see `.ci/generate`) it writes what it otherwise compares.
  @Test
  void the_committed_schema_is_that_of_the_migrations(TestDatabase db) throws IOException {
    var schema = SchemaSnapshot.of(db);
    if (System.getProperty("trunkline.generate") != null) {
      Files.writeString(COMMITTED, schema);
      return;
    }

    assertThat(Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "")
        .as("run .ci/generate after a change of db/migration")
        .isEqualTo(schema);
  }
}
