package trunkline;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import trunkline.catalog.FeatureLoader;
import trunkline.config.Option;
import trunkline.config.Refusal;
import trunkline.config.ServerConfig;
import trunkline.config.TypedOptions;
import trunkline.feature.Catalog;
import trunkline.feature.CatalogProvider;
import trunkline.feature.Interceptor;
import trunkline.feature.TrunklineException;
import trunkline.telemetry.Telemetry;

/// Starts a server inside a program.
///
/// ```java
/// var server =
///     Trunkline.builder()
///         .catalog(new OrdersCatalog())
///         .databaseUrl("postgresql://app@db/shop")
///         .databasePasswordFile(Path.of("/run/secrets/password"))
///         .port(8080)
///         .start();
/// ```
public final class Trunkline {
  private Trunkline() {}

  public static Builder builder() {
    return new Builder();
  }

  /// What a server is made of: the options of `./trunkline serve`, and what a program has of its
  /// own. Nothing else is read: neither the environment, nor a file that is not named.
  public static final class Builder extends TypedOptions<Builder> {
    private @Nullable Catalog catalog;
    private @Nullable CatalogProvider provider;
    private final List<Interceptor> interceptors = new ArrayList<>();
    private @Nullable MeterRegistry meters;
    private @Nullable OpenTelemetry telemetry;
    private Embedding.@Nullable Database database;

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /// What to serve; instead of it [#features] names what is found by `ServiceLoader`.
    public Builder catalog(Catalog catalog) {
      this.catalog = catalog;
      this.provider = null;
      return this;
    }

    /// The same, built by a provider at the start, which gets the settings (`set.shop.url`) that
    /// are called like it.
    public Builder catalog(CatalogProvider provider) {
      this.catalog = null;
      this.provider = provider;
      return this;
    }

    /// Lets these stand around all handlers, outside those of the catalog; the first is outermost.
    public Builder around(Interceptor... others) {
      interceptors.addAll(List.of(others));
      return this;
    }

    /// A registry for the meters, of one server at a time, which takes them out when it closes.
    /// Without, they are read at `/observe/metrics`.
    public Builder meters(MeterRegistry registry) {
      this.meters = registry;
      return this;
    }

    /// Where traces and the metrics of OpenTelemetry's conventions go; the program's own, which it
    /// closes after the server. Without, nothing is traced: what the environment says (`OTEL_…`) is
    /// for the program to read.
    public Builder openTelemetry(OpenTelemetry telemetry) {
      this.telemetry = telemetry;
      return this;
    }

    /// Connections of the program's own, instead of [#databaseUrl]. They must be the PostgreSQL
    /// driver's own underneath, and lead to the server itself, past any transaction pooler: one of
    /// them is for LISTEN. They are kept for long, and a pool of [#databasePoolSize] is made of
    /// them: a pool there needs four more than that, so a plain `PGSimpleDataSource` fits best.
    /// What we set in its session is as before when it is given back. Its time to connect and TLS
    /// are the program's matter.
    public Builder dataSource(DataSource direct) {
      return dataSource(direct, direct);
    }

    /// The same where the pool's connections lead through a transaction pooler: prepared statements
    /// are not used there, and the role has the settings of `db/role/pooler.sql`.
    ///
    /// @param direct for LISTEN, heartbeat and migration, past the pooler
    public Builder dataSource(DataSource pool, DataSource direct) {
      this.database = new Embedding.Database(pool, direct);
      return this;
    }

    /// Starts the server, and migrates its schema where the role may. It serves when this returns.
    ///
    /// @throws TrunklineException when an option is wrong or contradicts another, the database
    ///   cannot be reached or is not fit, the schema cannot be brought to this release, or the port
    ///   is taken: [TrunklineException#reason()]
    public Server start() {
      if (database == null) {
        return start(read(), Optional.empty());
      }
      if (has(Option.DATABASE_URL) || has(Option.DATABASE_URL_FILE)) {
        throw new Refusal("give dataSource or databaseUrl, not both");
      }
      if (!has(Option.DRAIN_DELAY)) { // what the options name is the embedded one, which has none
        options(Map.of(Option.DRAIN_DELAY.key(), Option.DRAIN_DELAY.fallback()));
      }
      return start(read(), Optional.of(database));
    }

    private Server start(ServerConfig config, Optional<Embedding.Database> lent) {
      return Server.start(
          config,
          new Embedding(
              features(config),
              _ -> {},
              interceptors,
              Optional.ofNullable(meters),
              Optional.ofNullable(telemetry).map(Telemetry::lent),
              lent));
    }

    private Catalog features(ServerConfig config) {
      var built = catalog;
      var own = provider;
      if ((built != null || own != null) && has(Option.FEATURES)) {
        throw new Refusal("give catalog or features, not both");
      }
      if (built != null) {
        config.requireNoSettings();
        return built;
      }
      if (own != null) {
        return FeatureLoader.load(own, config.settings());
      }
      if (!has(Option.FEATURES)) {
        throw new Refusal("there is nothing to serve: give a catalog, or features");
      }
      return FeatureLoader.load(config.features(), config.settings());
    }
  }
}
