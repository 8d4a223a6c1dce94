package trunkline;

/// The release.
public final class Version {
  private Version() {}

  /// The release, as the build wrote it into the jar.
  public static String number() {
    var written = Version.class.getPackage().getImplementationVersion();
    return written == null ? "development" : written;
  }

  public static String line() {
    return "Trunkline " + number() + " (Java " + Runtime.version() + ")";
  }
}
