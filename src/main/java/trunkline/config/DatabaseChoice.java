package trunkline.config;

import java.nio.file.Path;
import trunkline.store.DatabaseSettings;

/// Which database: one that Trunkline brings along, or one that somebody runs.
public sealed interface DatabaseChoice {

  /// Reads the options that say which database, and refuses those that contradict each other.
  static DatabaseChoice read(Options options) {
    return DatabaseOptions.read(options);
  }

  /// The folder of the embedded PostgreSQL, whether it is chosen or not.
  static Path embeddedFolder(Options options) {
    return DatabaseOptions.embeddedFolder(options);
  }

  /// Pool size for the one, within the settings for the other.
  int poolSize();

  /// The embedded PostgreSQL of a folder, shared by all who name the folder.
  record Embedded(Path folder, int poolSize) implements DatabaseChoice {}

  /// A PostgreSQL that is reached over the network.
  record External(DatabaseSettings settings) implements DatabaseChoice {
    @Override
    public int poolSize() {
      return settings.poolSize();
    }
  }
}
