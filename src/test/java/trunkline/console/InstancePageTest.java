package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import trunkline.testing.TestDatabase;

/// What a page says of an instance.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstancePageTest {
  private final TestDatabase db;
  private ConsoleServer console;

  InstancePageTest(TestDatabase db) {
    this.db = db;
  }

  @BeforeAll
  void start() {
    console = ConsoleServer.on(db.settings());
  }

  @AfterAll
  void end() {
    console.close();
  }

  @Test
  void what_one_instance_has_is_listed_by_itself() {
    db.sql(
        """
        insert into trunkline.streams (session_key, standalone, holder_instance, opened_at)
        select 900000 + n, true, 40 + n % 2, now() from generate_series(1, 4) n
        """);

    var listed = console.get("streams?instance=41").body();
    assertThat(listed)
        .contains("Of instance 41", "sessions/900001", "sessions/900003", "calls?instance=41")
        .doesNotContain("sessions/900002", "sessions/900004");
    assertThat(console.get("streams?instance=").body()).contains("sessions/900002");
    assertThat(console.get("calls?instance=41").status()).isEqualTo(200);
    assertThat(console.get("questions?instance=41").status()).isEqualTo(200);
  }

  @Test
  void of_an_instance_only_what_applies_is_offered_and_drained_is_not_draining() {
    db.sql(
        """
        insert into trunkline.instances (instance_id, lease_until, url, version, drain_wanted_at, draining_at, drained_at) overriding system value
        values (51, now() + interval '1 hour', 'http://a', '1', null, null, null),
               (52, now() + interval '1 hour', 'http://b', '1', now(), now(), null),
               (53, now() + interval '1 hour', 'http://c', '1', now(), now(), now())
        """);

    var listed = console.get("instances").body();
    assertThat(listed)
        .contains("acts/drain?instance=51", "acts/undrain?instance=52", "acts/undrain?instance=53")
        .doesNotContain("acts/undrain?instance=51", "acts/drain?instance=52")
        .contains("drained", "draining");
    assertThat(console.get("acts/drain?instance=51").body())
        .contains(
            "instance 51 (ready), which holds 0 streams and runs 0 calls; 0 others are ready");
    db.sql("delete from trunkline.instances where instance_id in (51, 52, 53)");
  }

  /// The last minutes of two instances, and what is asked for is the span that is shown.
  @Test
  void an_instance_has_a_page_with_what_it_does_and_did() {
    db.sql(
        """
        with a as (insert into trunkline.instances (instance_id, lease_until, url, version, drain_wanted_at, draining_at, streams_held) overriding system value
                   values (61, now() + interval '1 hour', 'http://sixty-one', '1', now(), now(), 7),
                          (62, now() + interval '1 hour', 'http://sixty-two', '1', null, null, 0))
        insert into trunkline.instance_minutes
        select date_trunc('minute', clock_timestamp(), 'UTC') - interval '1 minute', i, 1, 60 * (i - 60), 0, 1, 0, 0, '{0,60,0,0,0,0,0,0,0,0,0,0}'
          from generate_series(61, 62) i
        """);

    var drains = console.get("instances/61").body();
    assertThat(drains)
        .contains(
            "Instance 61",
            "http://sixty-one",
            "<dd>draining</dd>",
            "7 streams and 0 calls are left")
        .contains("Requests over the last hour: all now 1.0")
        .contains("/console/instances/61?span=day", "calls?instance=61", "Undrain it")
        .doesNotContain("Drain it", "sixty-two");
    assertThat(console.get("instances/62?span=day").body())
        .contains("<dd>ready</dd>", "Drain it", "over the last day")
        .doesNotContain("are left", "Undrain it");

    db.sql("update trunkline.instances set drained_at = now() where instance_id = 61");
    assertThat(console.get("instances/61/now").body())
        .contains("<dd>drained</dd>", "Nothing is left since")
        .doesNotContain("<html");
    db.sql("update trunkline.instances set dead_at = now() where instance_id = 61");
    assertThat(console.get("instances/61").body())
        .contains("<dd>dead</dd>")
        .doesNotContain("Undrain it", "hx-get");
    assertThat(console.get("instances/63").body()).contains("there is no instance 63");
    assertThat(console.get("instances/x").body()).contains("named by its number");
  }
}
