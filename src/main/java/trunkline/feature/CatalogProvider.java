package trunkline.feature;

/// Adds a set of features to a server. Named in
/// `META-INF/services/trunkline.feature.CatalogProvider` and picked by `--features`.
public interface CatalogProvider {
  /// Its name in `--features`, and before its settings.
  String name();

  /// Called once, before the server starts: reads its settings and opens what its handlers need,
  /// such as a pool of connections.
  ///
  /// @throws Exception when it cannot; the server does not start then, and says the message
  default void open(Settings settings) throws Exception {}

  /// Called once at start, after [#open]; the order of adding is the order of the lists.
  void addTo(Catalog.Builder catalog);

  /// Called once, when the server has stopped and the last handler has ended, or when it could not
  /// start: gives back what [#open] has opened. Not called when that failed, nor when the process
  /// is killed. What fails here is logged.
  default void close() throws Exception {}
}
