package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.telemetry.ServerEvent.ControlUnfit;
import trunkline.testing.EventLog;
import trunkline.testing.TestDatabase;

/// The rows that everything reads, as a partial restore or an edit by hand may leave them.
class ControlFaultsTest {
  /// For values that stood there before the checks.
  private static final String UNCHECKED =
      "alter table trunkline.control drop constraint control_slot_ck, drop constraint control_numbers_ck; ";

  private final EventLog events = new EventLog();

  /// Goal: what is wrong is said at the start and by the sweep, with what mends it, and that does.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from trunkline.control",
        "delete from trunkline.announcement_lock",
        UNCHECKED + "update trunkline.control set current_slot = 9",
        UNCHECKED + "update trunkline.control set current_slot = -1",
        UNCHECKED + "update trunkline.control set id_base = -5",
        "delete from trunkline.control; delete from trunkline.announcement_lock"
      })
  void what_stops_everything_refuses_the_start_until_it_is_mended(String damage) {
    try (var db = TestDatabase.create();
        var database = new Database(new Connections(db.settings()), "trunkline-control")) {
      var inspection = new DatabaseInspection(database, events);
      db.sql("update trunkline.control set id_base = 3, current_slot = 5");
      db.sql("select trunkline.announce_now('tools_changed', '', convert_to('{}', 'UTF8'))");
      var used = db.sql("select max(id) from trunkline.announcements").number();
      for (var statement : damage.split("; ", -1)) {
        db.sql("alter table trunkline.control drop constraint if exists control_current_slot_ck");
        db.sql(statement);
      }

      assertThatThrownBy(inspection::require)
          .isInstanceOf(DatabaseUnfit.class)
          .hasMessageContaining("select trunkline.mend_control()");
      assertThat(new ControlWatch(new ControlRows(database), events).run(1).rows()).isZero();
      assertThat(events.all(ControlUnfit.class))
          .isNotEmpty()
          .allSatisfy(said -> assertThat(said.fault()).contains("trunkline.mend_control()"));

      assertThat(db.sql("select trunkline.mend_control()").text()).startsWith("mended: ");
      inspection.require();
      db.sql("select trunkline.announce_now('tools_changed', '', convert_to('{}', 'UTF8'))");
      assertThat(db.sql("select max(id) from trunkline.announcements").number())
          .as("ids go on above")
          .isGreaterThan(used);
      assertThat(db.sql("select trunkline.mend_control()").text()).isEqualTo("nothing to mend");
    }
  }

  @Test
  void a_wrong_floor_is_said_and_mended_and_stops_nothing() {
    try (var db = TestDatabase.create();
        var database = new Database(new Connections(db.settings()), "trunkline-control")) {
      db.sql("update trunkline.control set announcement_floor = 1000");

      new DatabaseInspection(database, events).require();

      assertThat(events.all(ControlUnfit.class)).hasSize(1);
      assertThat(db.sql("select trunkline.mend_control()").text())
          .isEqualTo("mended: announcement_floor 0 instead of 1000");
      assertThat(new ControlRows(database).faults()).isEmpty();
    }
  }

  @Test
  void a_healthy_database_has_nothing_to_mend(TestDatabase db) {
    assertThat(db.sql("select trunkline.mend_control()").text()).isEqualTo("nothing to mend");
  }
}
