package trunkline.feature;

/// Adds a set of features to a server. Named in
/// `META-INF/services/trunkline.feature.CatalogProvider` and picked by `--features`.
public interface CatalogProvider {
  /// Its name in `--features`.
  String name();

  /// Called once at start; the order of adding is the order of the lists.
  void addTo(Catalog.Builder catalog);
}
