package trunkline.catalog;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.not;
import static trunkline.catalog.CatalogSwitchesTable.CATALOG_SWITCHES;

import java.util.concurrent.CompletableFuture;
import org.jooq.Records;
import trunkline.feature.FeatureKind;
import trunkline.feature.Switches;
import trunkline.store.Database;
import trunkline.store.Sql;

/// Reads and writes `catalog_switches`.
final class SwitchRows {
  /// The limit of features switched off at once; the rest would stay on.
  private static final int OFF_MAX = 10_000;

  private final Database database;

  SwitchRows(Database database) {
    this.database = database;
  }

  Switches off() {
    return database.run(SwitchRows::off);
  }

  /// The same without waiting.
  CompletableFuture<Switches> submitOff() {
    return database.start(SwitchRows::off);
  }

  /// A kind that only a newer release knows is none of ours.
  private static Switches off(Sql sql) {
    return new Switches(
        sql.named("catalog_switches.off: no row means on, so only what is off is read")
            .select(CATALOG_SWITCHES.KIND, CATALOG_SWITCHES.NAME)
            .from(CATALOG_SWITCHES)
            .where(not(condition(CATALOG_SWITCHES.ENABLED)))
            .and(CATALOG_SWITCHES.KIND.in(FeatureKind.values()))
            .orderBy(CATALOG_SWITCHES.KIND, CATALOG_SWITCHES.NAME)
            .limit(OFF_MAX)
            .fetchSet(Records.mapping(Switches.Key::new)));
  }

  boolean setEnabled(FeatureKind kind, String name, boolean enabled) {
    var heading =
        "catalog_switches.set_enabled: the change and its announcement in one transaction";
    return Boolean.TRUE.equals(
        database.run(sql -> Routines.setEnabled(sql.routine(heading), kind, name, enabled)));
  }
}
