package trunkline.session;

import static java.util.Collections.nCopies;
import static trunkline.session.SessionsTable.SESSIONS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;
import trunkline.store.Database;
import trunkline.store.DatabaseBusy;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.store.LockPatience;
import trunkline.store.Sql;
import trunkline.store.SqlText;
import trunkline.store.StatementRefused;

/// Opens sessions: all who ask at the same time with one commit.
///
/// Of 32 clients that open one session after the other each costs a twentieth of a commit instead
/// of one, and its share of two inserts. A second lane beside it, or more, opened fewer in a second
/// (0.55 of the floor with one, 0.38 with two, 0.29 with three or four; two rounds each, on a
/// machine with other work): batches are smaller then.
final class OpeningRows implements AutoCloseable {
  private static final Field<Long> ORD = SqlText.column("ord", SQLDataType.BIGINT);
  private static final Field<Long> STREAM = SqlText.column("stream_id", SQLDataType.BIGINT);
  private static final Field<Integer> MAX = SqlText.column("principal_max", SQLDataType.INTEGER);

  private static final SqlText OPEN =
      SqlText.of(
          """
          -- sessions.open: cap, session and standalone stream, with one commit and one insert for all who open at the same time
          SELECT ord, session_key, stream_id, announced_from
            FROM trunkline.open_sessions(:ids::text[], :revisions::text[], :principals::text[], :capabilities::text[], :clients::text[],
                                         :maxima::int[], :toolsets::text[])
          """,
          ORD,
          SESSIONS.SESSION_KEY,
          STREAM,
          SESSIONS.ANNOUNCED_FROM);

  /// Never repeated: whoever opens asks again with the same id.
  private static final LanePolicy POLICY = new LanePolicy(64, 4_096, Duration.ZERO);

  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;
  private final Lane<Opening, Opened> lane;

  OpeningRows(Database database) {
    this.database = database;
    this.lane = new Lane<>("trunkline-opening", POLICY, this::openTogether);
  }

  /// @param principalSessionsMax 0: without a limit
  /// @param capabilities as text, written by whoever asks: the lane's thread is what all wait for
  record Opening(NewSession asked, int principalSessionsMax, String capabilities, String client) {
    static Opening of(NewSession asked, int principalSessionsMax) {
      return new Opening(
          asked,
          principalSessionsMax,
          Codec.text(asked.clientCapabilities()),
          Codec.text(asked.clientInfo()));
    }

    @Nullable String toolset() {
      return asked.toolset().isEmpty() ? null : asked.toolset();
    }
  }

  /// @param session empty when there is one of this id, or the principal has as many as it may have
  /// @param tried false: a lock was in the way of one that asked at the same time
  private record Opened(Optional<Session> session, boolean tried) {}

  /// Empty when the principal has as many sessions as it may have, or one of this id.
  ///
  /// With all who open at the same time. Where a principal's lock is in the way each goes alone, so
  /// that nobody waits for another's principal.
  Optional<Session> open(NewSession asked, int principalSessionsMax) {
    var opening = Opening.of(asked, principalSessionsMax);
    try {
      var opened = lane.ask(opening);
      return opened.tried() ? opened.session() : openAlone(opening);
    } catch (StatementRefused e) {
      if (e.isUniqueViolation()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<Session> openAlone(Opening opening) {
    return PATIENCE.run(database, sql -> open(sql, List.of(opening))).getFirst();
  }

  private List<Opened> openTogether(List<Opening> openings) {
    try {
      return database.runHere(sql -> open(sql, openings)).stream()
          .map(session -> new Opened(session, true))
          .toList();
    } catch (DatabaseBusy e) {
      return nCopies(openings.size(), new Opened(Optional.empty(), false));
    }
  }

  /// One for each, in their order; empty for those whose principal has as many as it may have.
  static List<Optional<Session>> open(Sql sql, List<Opening> openings) {
    var rows =
        sql.text(OPEN)
            .all("ids", SESSIONS.SESSION_ID, openings, each -> each.asked().id())
            .all("revisions", SESSIONS.REVISION, openings, each -> each.asked().revision())
            .all(
                "principals", SESSIONS.PRINCIPAL, openings, each -> each.asked().principal().name())
            .all("capabilities", SESSIONS.CAPABILITIES, openings, Opening::capabilities)
            .all("clients", SESSIONS.CLIENT, openings, Opening::client)
            .all("maxima", MAX, openings, Opening::principalSessionsMax)
            .all("toolsets", SESSIONS.TOOLSET, openings, Opening::toolset)
            .rows();
    var opened = new ArrayList<Optional<Session>>(nCopies(openings.size(), Optional.empty()));
    for (var row : rows) {
      var index = row.get(ORD).intValue() - 1;
      opened.set(index, opened(openings.get(index).asked(), row));
    }
    return opened;
  }

  private static Optional<Session> opened(NewSession asked, Record row) {
    return Optional.ofNullable(row.get(SESSIONS.SESSION_KEY))
        .map(key ->
            new Session(
                key,
                asked.id(),
                asked.revision(),
                asked.principal(),
                asked.clientCapabilities(),
                asked.clientInfo(),
                null,
                new StreamId(row.get(STREAM)),
                row.get(SESSIONS.ANNOUNCED_FROM),
                asked.toolset()));
  }

  @Override
  public void close() {
    lane.close();
  }
}
