package trunkline.bench;

import java.nio.file.Path;

/// Where the benchmark's files are.
final class Checkout {
  private Checkout() {}

  /// Where what is built is, and what is measured.
  static Path target() {
    return Path.of(System.getProperty("trunkline.folder", "target")).toAbsolutePath();
  }

  /// The files that answer an operator.
  static Path admin() {
    return target().resolveSibling(Path.of("db", "admin"));
  }

  /// The scripts that start the servers that are not ours.
  static Path servers() {
    return target().resolveSibling(Path.of("src", "test", "peers", "servers"));
  }
}
