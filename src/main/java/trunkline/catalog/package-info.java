/// The catalog of this instance, and the switches that all instances share.
///
/// **Loading.** `--features` names providers on the class path, jars or folders of jars
/// ([trunkline.catalog.FeatureLoader]); they read their settings, open what they need and fill one
/// [trunkline.feature.Catalog] at the start, which never changes. What cannot be had is refused in
/// words that an operator can act on ([trunkline.catalog.FeaturesUnknown]).
///
/// **Closing** ([trunkline.catalog.ServedCatalog]). What belongs to a catalog is closed by the last
/// instance that serves it, after its last handler: each run of one enters and leaves.
///
/// **Switching** ([trunkline.catalog.CatalogSwitches], the table `catalog_switches`). A row
/// switches a feature off for every instance; no row means on. The change and its announcement are
/// one transaction, so that no client is told of a list that it cannot get yet.
///
/// A row of `principal_switches` is one principal's own switch, on or off, over the general one. It
/// is announced with the principal's name, and only if it changes what that principal has: a row
/// that says what holds anyway is read with the next announcement, before which it means nothing.
/// They are a table of their own since an instance of the release before would take a row for one
/// as a row for all. There are 10,000 at most, since each instance keeps them all.
///
/// ```
///   set_enabled ─▶ row + outbox ─commit─▶ announcement ─▶ every instance reads the rows again
///                        │
///   tools/list ◀── read(…) asks the rows       tools/call ◀── heard() asks memory
/// ```
///
/// A list reads the rows each time, of its own principal only: a client that was told of a change
/// must not get the former list, on any instance. A call uses what this instance has heard, which
/// lags by the time of an announcement and costs nothing.
///
/// What it does not do: add or replace features while the server runs; a switch only hides them.
@NullMarked
package trunkline.catalog;

import org.jspecify.annotations.NullMarked;
