package trunkline.peer;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.testing.Requirement;
import trunkline.testing.TestCluster;

/// The HAProxy configuration that we ship. The official suite goes through it in [ConformanceTest].
@Tag("peer")
class HaProxyTest {
  HaProxyTest() {
    Requirement.program("haproxy"); // before any instance is started in vain
  }

  @Test
  void carries_a_session_over_three_instances(TestCluster cluster, @TempDir Path folder)
      throws Exception {
    var balanced = Balanced.over(cluster);
    try (var haproxy = HaProxy.before(balanced.urls(), folder)) {
      balanced.serveSession(haproxy.url());
      Balanced.hideTheRest(haproxy.url());
      Balanced.showWhatClientsNeed(haproxy.url());
      balanced.outliveAnInstance(haproxy.url());
    }
  }

  @Test
  void nothing_is_smuggled_past_it(TestCluster cluster, @TempDir Path folder) throws Exception {
    var balanced = Balanced.over(cluster);
    try (var haproxy = HaProxy.before(balanced.urls(), folder)) {
      Smuggling.requireNone(haproxy.url(), balanced);
    }
  }

  /// With less than the default delay: HAProxy looks away after two failed checks, a second apart.
  @Test
  void no_request_fails_when_instances_leave(TestCluster cluster, @TempDir Path folder)
      throws Exception {
    var balanced = Balanced.over(cluster.with(Load.CATALOG).with("drain-delay", "3s"));
    try (var haproxy = HaProxy.before(balanced.urls(), folder);
        var load = new Load(haproxy.url(), 8, 60)) {
      load.restartEach(balanced.instances(), cluster);
      load.requireNoFailure();
    }
  }

  @ParameterizedTest
  @EnumSource
  void as_many_requests_stay_as_its_affinity_says(
      Affinity affinity, TestCluster cluster, @TempDir Path folder) throws Exception {
    var balanced = Balanced.over(cluster);
    try (var haproxy = HaProxy.before(balanced.urls(), folder, affinity)) {
      affinity.require(haproxy.url());
    }
  }
}
