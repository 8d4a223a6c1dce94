package trunkline.catalog;

import static trunkline.store.SqlWork.query;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import trunkline.feature.FeatureKind;
import trunkline.feature.Switches;
import trunkline.store.Database.Work;

/// The only class that names the `catalog_switches` table.
final class SwitchRows {
  /// More features than this are not switched off at once; the rest would stay on.
  private static final int OFF_MAX = 10_000;

  private static final String OFF =
      """
      -- catalog_switches.off: no row means on, so only what is off is read
      SELECT kind, name FROM trunkline.catalog_switches WHERE NOT enabled ORDER BY kind, name LIMIT ?
      """;

  private static final String SET_ENABLED =
      """
      -- catalog_switches.set_enabled: the change and its announcement in one transaction
      SELECT trunkline.set_enabled(?, ?, ?)
      """;

  private SwitchRows() {}

  static Work<Switches> off() {
    return query(
        OFF,
        statement -> statement.setInt(1, OFF_MAX),
        rows -> {
          Set<Switches.Key> off = new HashSet<>();
          while (rows.next()) {
            var name = rows.getString(2);
            kind(rows.getString(1)).ifPresent(kind -> off.add(new Switches.Key(kind, name)));
          }
          return new Switches(off);
        });
  }

  static Work<Boolean> setEnabled(FeatureKind kind, String name, boolean enabled) {
    return query(
        SET_ENABLED,
        statement -> {
          statement.setString(1, kind.word());
          statement.setString(2, name);
          statement.setBoolean(3, enabled);
        },
        rows -> rows.next() && rows.getBoolean(1));
  }

  /// A kind that only a newer release knows is none of ours.
  private static Optional<FeatureKind> kind(String row) {
    return Arrays.stream(FeatureKind.values()).filter(kind -> kind.word().equals(row)).findFirst();
  }
}
