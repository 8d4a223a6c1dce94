package trunkline.testing;

import java.util.Set;

/// What an instance is started from.
///
/// @param name as a person calls it
/// @param unknownOptions what later releases have and this one refuses
public record Release(String name, String classPath, String mainClass, Set<String> unknownOptions) {
  private static final Release CURRENT =
      new Release(
          "this release", System.getProperty("java.class.path"), "trunkline.cli.Main", Set.of());

  public Release {
    unknownOptions = Set.copyOf(unknownOptions);
  }

  /// The classes under test.
  public static Release current() {
    return CURRENT;
  }

  public boolean isCurrent() {
    return equals(CURRENT);
  }

  @Override
  public String toString() {
    return name;
  }
}
