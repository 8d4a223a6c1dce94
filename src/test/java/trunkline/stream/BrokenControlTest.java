package trunkline.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.signal.InstanceId;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.SetAside;
import trunkline.stream.MessageStore.Page;
import trunkline.stream.MessageStore.ReadRequest;
import trunkline.testing.TestDatabase;

/// Without the control row, or with one that nobody has written, the database is as good as away:
/// nothing happens by halves, and everything goes on when it is mended.
class BrokenControlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from trunkline.control",
        "update trunkline.control set current_slot = 9",
        "update trunkline.control set id_base = -5"
      })
  void nothing_happens_by_halves_and_the_error_names_the_remedy(String damage) {
    try (var db = TestDatabase.create();
        var bench = new Bench(db)) {
      var messages = new MessageRows(bench.database);
      var streams = new StreamRows(bench.database, new SetAside("streams", _ -> {}));
      var call = bench.callStream(1);
      var last = List.of(StoreBench.written(call, 1, "last", true));
      var key = bench.key();
      db.sql(
          "alter table trunkline.control drop constraint control_slot_ck, drop constraint control_numbers_ck");
      db.sql(damage);

      Map<String, ThrowingCallable> statements =
          Map.of(
              "publish", () -> messages.publish(key, last),
              "read", () -> messages.read(0, List.of(new ReadRequest(call, 0, 0))),
              "slot", messages::currentSlot,
              "claim",
                  () ->
                      streams.claim(
                          new StreamStore.Wanted(
                              bench.session, call, null, null, new InstanceId(1))));
      for (var name : stopped(damage)) {
        assertThatThrownBy(statements.get(name))
            .as(name)
            .isInstanceOf(DatabaseUnavailable.class)
            .hasMessageContaining("select trunkline.mend_control()");
      }
      assertThat(
              db.sql("select count(*) from trunkline.streams where finished_at is not null")
                  .number())
          .as("no end without its message")
          .isZero();

      db.sql("select trunkline.mend_control()");
      messages.publish(key, last);
      var page = (Page.Found) messages.read(-1, List.of(new ReadRequest(call, 0, 0))).getFirst();
      assertThat(page.messages().getFirst().payload()).isEqualTo("last".getBytes(UTF_8));
      assertThat(page.finished()).isTrue();
    }
  }

  private static List<String> stopped(String damage) {
    if (damage.contains("id_base")) {
      return List.of("publish", "claim");
    }
    return damage.contains("current_slot")
        ? List.of("publish", "read", "slot")
        : List.of("publish", "read", "slot", "claim");
  }
}
