package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.session.Session;
import trunkline.signal.InstanceId;
import trunkline.testing.TestDatabase;

/// A client may name anything: of another session's stream nothing changes, and nothing is locked.
@Timeout(60)
class ForeignIdsTest {
  private final TestDatabase db;

  ForeignIdsTest(TestDatabase db) {
    this.db = db;
  }

  /// Something that a client makes the server do with the id of a stream.
  record Use(String name, Work work) {
    @Override
    public String toString() {
      return name;
    }
  }

  interface Work {
    void use(HolderBench bench, Session stranger, EventId id) throws Exception;
  }

  static Stream<Use> uses() {
    return Stream.of(
        new Use(
            "claim",
            (bench, stranger, id) ->
                assertThat(bench.streams.claim(stranger, id, true)).isEqualTo(new Claim.Unknown())),
        new Use(
            "trim",
            (bench, stranger, id) ->
                new SlotRows(bench.database())
                    .trim(
                        List.of(
                            new StreamStore.Wanted(
                                stranger.key(), id.stream(), null, null, new InstanceId(1))),
                        0)));
  }

  @ParameterizedTest
  @MethodSource("uses")
  void of_another_sessions_stream_nothing_changes(Use use) throws Exception {
    try (var bench = new HolderBench(db, 1)) {
      bench.send("1");
      bench.send("2");
      bench.send("3");
      var stranger = bench.another();
      var before = row(bench);

      use.work().use(bench, stranger, new EventId(bench.session.standaloneStream(), 0, 0));

      assertThat(row(bench)).isEqualTo(before);
    }
  }

  /// The system columns tell of locks, too.
  private List<?> row(HolderBench bench) {
    return db.sql(
            "select xmin::text, xmax::text, s.* from trunkline.streams s where stream_id = ?",
            bench.session.standaloneStream().value())
        .rows();
  }
}
