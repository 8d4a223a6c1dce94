package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.testing.TestDatabase;

class GeneratedCodeTest {
  private static final Path COMMITTED = Path.of("src/main/generated/java");

  /// With `-Dtrunkline.generate` (see `.ci/generate`) it writes what it otherwise compares.
  @Test
  void the_committed_tables_are_those_of_the_migrations(TestDatabase db, @TempDir Path folder)
      throws Exception {
    if (System.getProperty("trunkline.generate") != null) {
      GeneratedCode.delete(COMMITTED);
      GeneratedCode.write(db, COMMITTED);
      return;
    }

    GeneratedCode.write(db, folder);

    assertThat(GeneratedCode.read(COMMITTED))
        .as("run .ci/generate after a change of db/migration")
        .isEqualTo(GeneratedCode.read(folder));
  }
}
