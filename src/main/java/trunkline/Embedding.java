package trunkline;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import trunkline.feature.Catalog;
import trunkline.feature.Interceptor;
import trunkline.telemetry.EventSink;

/// What a program gives a server besides options.
///
/// @param observer gets every event, besides log and meters
/// @param interceptors stand around all handlers, outside those of the catalog
/// @param meters a registry of the program's own
/// @param database connections of the program's own, instead of those that the options name
record Embedding(
    Catalog catalog,
    EventSink observer,
    List<Interceptor> interceptors,
    Optional<MeterRegistry> meters,
    Optional<Database> database) {

  /// @param direct leads past any transaction pooler
  record Database(DataSource pool, DataSource direct) {}

  Embedding(Catalog catalog, EventSink observer) {
    this(catalog, observer, List.of(), Optional.empty(), Optional.empty());
  }
}
