package trunkline.catalog;

import static trunkline.catalog.PrincipalSwitchesTable.PRINCIPAL_SWITCHES;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import trunkline.feature.FeatureKind;
import trunkline.feature.Switches;
import trunkline.store.Database;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// Reads and writes `catalog_switches` and `principal_switches`.
final class SwitchRows {
  /// The limit of features switched off at once, and of principals' own switches, of which the
  /// function makes no more; the rest would stay on.
  private static final int ROWS_MAX = 10_000;

  private static final SqlText READ =
      SqlText.of(
          """
          -- catalog_switches.read: no row means on, so only what is off is read; one principal's own or, without a name, everybody's
          (SELECT NULL AS principal, kind, name, enabled FROM trunkline.catalog_switches
            WHERE NOT enabled AND kind = ANY (:kinds) ORDER BY kind, name LIMIT :rows_max)
          UNION ALL
          (SELECT principal, kind, name, enabled FROM trunkline.principal_switches
            WHERE (:principal::text IS NULL OR principal = :principal) AND kind = ANY (:kinds)
            ORDER BY principal, kind, name LIMIT :rows_max)
          UNION ALL
          SELECT NULL, k, NULL, NULL FROM unnest(:kinds::text[]) k
           WHERE EXISTS (SELECT FROM trunkline.principal_switches p WHERE p.kind = k)
          """,
          PRINCIPAL_SWITCHES.PRINCIPAL,
          PRINCIPAL_SWITCHES.KIND,
          PRINCIPAL_SWITCHES.NAME,
          PRINCIPAL_SWITCHES.ENABLED);

  private static final List<FeatureKind> KINDS = Arrays.asList(FeatureKind.values());

  private final Database database;

  SwitchRows(Database database) {
    this.database = database;
  }

  Switches off() {
    return database.run(sql -> read(sql, null));
  }

  /// The general ones, and those of one principal.
  Switches off(String principal) {
    return database.run(sql -> read(sql, principal));
  }

  /// All without waiting.
  CompletableFuture<Switches> submitOff() {
    return database.start(sql -> read(sql, null));
  }

  /// A kind that only a newer release knows is none of ours.
  private static Switches read(Sql sql, @Nullable String one) {
    Set<Switches.Key> off = new HashSet<>();
    Map<String, Map<Switches.Key, Boolean>> own = new HashMap<>();
    Set<FeatureKind> personal = EnumSet.noneOf(FeatureKind.class);
    var rows =
        sql.text(READ)
            .all("kinds", PRINCIPAL_SWITCHES.KIND, KINDS)
            .set("principal", PRINCIPAL_SWITCHES.PRINCIPAL, one)
            .set("rows_max", ROWS_MAX)
            .rows();
    for (var row : rows) {
      var kind = row.get(PRINCIPAL_SWITCHES.KIND);
      var name = row.get(PRINCIPAL_SWITCHES.NAME);
      var principal = row.get(PRINCIPAL_SWITCHES.PRINCIPAL);
      if (name == null) {
        personal.add(kind);
      } else if (principal == null) {
        off.add(new Switches.Key(kind, name));
      } else {
        own.computeIfAbsent(principal, _ -> new HashMap<>())
            .put(new Switches.Key(kind, name), row.get(PRINCIPAL_SWITCHES.ENABLED));
      }
    }
    return new Switches(off, own, personal);
  }

  /// @param enabled null takes a principal's own switch back
  /// @param principal null: for everybody
  @SuppressWarnings("NullAway") // what is null in SQL is null to the generated class
  boolean setEnabled(
      FeatureKind kind, String name, @Nullable Boolean enabled, @Nullable String principal) {
    var heading =
        "catalog_switches.set_enabled: the change and its announcement in one transaction";
    return Boolean.TRUE.equals(
        database.run(
            sql -> Routines.setEnabled(sql.routine(heading), kind, name, enabled, principal)));
  }
}
