package trunkline.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import trunkline.testing.InstanceProcess;
import trunkline.testing.Proxy;
import trunkline.testing.Release;

/// The place of an instance, with a network of its own to the database: when one has gone, another
/// takes it.
final class Seat implements AutoCloseable {
  private static final List<String> JAVA = List.of("-Xmx160m", "-XX:+UseSerialGC");
  private static final int ATTEMPTS_MAX = 5;

  private final String name;
  private final Proxy network;
  private final Map<String, String> settings;
  private volatile Release release = Release.current();
  private volatile @Nullable InstanceProcess instance;

  Seat(String name, Postgres postgres, Map<String, String> settings) {
    this.name = name;
    this.network = new Proxy("127.0.0.1", postgres.port());
    this.settings = new TreeMap<>(settings);
    this.settings.put("database-url", postgres.url(network.port()));
    this.settings.put("database-user", postgres.user());
    this.settings.put("database-password", postgres.password());
  }

  /// Whoever takes this place from now on is of this release.
  void install(Release next) {
    release = next;
  }

  Release release() {
    return release;
  }

  /// Starts an instance and waits until it is ready. One that comes while its database is away
  /// ends, as it should, and is started again, as whoever runs it would do.
  void fill() {
    for (var attempt = 1; ; attempt++) {
      try {
        instance = InstanceProcess.start(name, release, JAVA, settings);
        return;
      } catch (AssertionError e) {
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  InstanceProcess instance() {
    var there = instance;
    if (there == null) {
      throw new IllegalStateException("nobody is in place " + name);
    }
    return there;
  }

  URI url() {
    return instance().url();
  }

  Proxy network() {
    return network;
  }

  @Override
  public String toString() {
    return "%s (%sprocess %d)"
        .formatted(name, release.isCurrent() ? "" : release + ", ", instance().pid());
  }

  @Override
  public void close() {
    try {
      var there = instance;
      if (there != null) {
        there.kill();
      }
      network.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
