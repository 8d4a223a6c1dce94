package trunkline.config;

import java.nio.file.Path;
import trunkline.store.DatabaseSettings;

/// The database: Trunkline's embedded one, or the operator's own.
public sealed interface DatabaseChoice {

  /// Reads the database options, and refuses those that contradict each other.
  static DatabaseChoice read(Options options) {
    return DatabaseOptions.read(options);
  }

  /// The folder of the embedded PostgreSQL, whether it is chosen or not.
  static Path embeddedFolder(Options options) {
    return DatabaseOptions.embeddedFolder(options);
  }

  /// The pool size, which the external database has in its settings.
  int poolSize();

  /// The embedded PostgreSQL of a folder, shared by all instances that name it.
  record Embedded(Path folder, int poolSize) implements DatabaseChoice {}

  /// A PostgreSQL reached over the network.
  record External(DatabaseSettings settings) implements DatabaseChoice {
    @Override
    public int poolSize() {
      return settings.poolSize();
    }
  }
}
