package trunkline.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;
import trunkline.testing.TestDatabase;

/// Checks, run against a database, and what they found.
final class Examination {
  private Examination() {}

  static Finding requireFound(
      List<Finding> findings, String check, Verdict verdict, String found, String remedy) {
    assertThat(findings)
        .anySatisfy(finding -> {
          assertThat(finding.check()).isEqualTo(check);
          assertThat(finding.verdict()).isEqualTo(verdict);
          assertThat(finding.found()).contains(found);
          assertThat(finding.remedy()).contains(remedy);
        });
    return findings.stream()
        .filter(finding -> finding.check().equals(check) && finding.found().contains(found))
        .findFirst()
        .orElseThrow();
  }

  static List<Finding> look(TestDatabase db, Check.Look look) {
    return look(db.settings(), look);
  }

  static List<Finding> look(DatabaseSettings settings, Check.Look look) {
    try (var patient = new Patient(new Connections(settings))) {
      return look.at(patient);
    }
  }

  static DatabaseSettings settings(String url, String user, String password) {
    return DatabaseSettings.of(url, url, user, new Password.Literal(password), 4);
  }

  /// A row as an instance would have written it.
  static long instance(TestDatabase db, String kind) {
    return db.sql(
            """
            insert into trunkline.instances (lease_until, wake_mode, url, version, history_age_max)
            values (now() + make_interval(secs => ?), ?, ?, ?, '1 hour') returning instance_id
            """,
            kind.equals("silent") ? -60.0 : 60.0,
            kind.equals("polling") ? "polling" : "notify",
            "http://" + kind,
            kind)
        .number();
  }
}
