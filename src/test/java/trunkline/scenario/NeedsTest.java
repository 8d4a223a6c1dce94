package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.architecture.StatementNames;
import trunkline.telemetry.ServerEvent.RightLacking;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: what an instance says that its role needs is enough. Method: the workloads that execute
/// every statement of the product, by instances whose role has these rights and no other.
@Tag("cluster")
class NeedsTest {
  private static final String APP = "trunkline_app";

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void every_statement_runs_as_a_role_that_has_what_it_needs_and_nothing_else() throws Exception {
    var made = new ArrayList<TestRoles>();
    try (var booth = new FaultBooth(cluster -> made.add(serving(cluster)))) {
      var learned = StatementWalk.learn(EnumSet.allOf(Errand.class), booth);

      var seen = new TreeSet<>(learned.keySet());
      seen.retainAll(StatementNames.ofTheProduct());
      assertThat(seen).hasSizeGreaterThan(90);
      for (var instance : List.of(booth.a(), booth.b())) {
        assertThat(instance.events().all(RightLacking.class)).isEmpty();
      }
    } finally {
      forget(made.getFirst().name(APP));
    }
  }

  private static TestRoles serving(TestCluster cluster) {
    var roles = new TestRoles(cluster.database()).applyNeeds();
    cluster.with("database-user", roles.name(APP)).with("database-password", roles.password());
    return roles;
  }

  /// Its rights went with the database.
  private static void forget(String role) {
    try (var db = TestDatabase.create()) {
      db.sql("drop role " + role);
    }
  }
}
