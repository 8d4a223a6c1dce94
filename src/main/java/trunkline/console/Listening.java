package trunkline.console;

import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INSTANT;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import trunkline.console.Overview.Figure;
import trunkline.console.StoryRows.Kept;
import trunkline.page.Words;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// Whether a session's client listens, where, and what it has not got: the first question of
/// whoever is told that a client got nothing.
///
/// @param client where it is connected, or why it is not
/// @param unread what waits for it
public record Listening(Figure client, Figure unread) {
  private static final Field<Integer> INSTANCE = column("instance_id", INTEGER);
  private static final Field<Instant> OPENED = column("opened_at", INSTANT);
  private static final Field<Instant> CLOSED = column("closed_at", INSTANT);
  private static final Field<String> REASON = column("close_reason", CLOB);

  private static final SqlText STREAM =
      SqlText.of(
          """
          -- console.listening: the stream that a client opens with GET, for whatever belongs to no call
          SELECT instance_id, opened_at, closed_at, close_reason FROM trunkline.stream_directory
           WHERE session_key = :session AND standalone
          """,
          INSTANCE,
          OPENED,
          CLOSED,
          REASON);

  private static final String LISTENS = "client listens";

  /// @param messages that are kept for it
  static Listening of(Sql sql, long session, Collection<Kept> messages) {
    var client =
        sql.text(STREAM)
            .set("session", session)
            .optional(Listening::client)
            .orElseGet(Listening::never);
    return new Listening(client, unread(messages));
  }

  private static Figure client(Record stream) {
    var instance = stream.get(INSTANCE);
    if (instance != null) {
      return new Figure(
          LISTENS, "on instance " + instance, "since " + Words.time(stream.get(OPENED)));
    }
    var why = Optional.ofNullable(stream.get(REASON)).orElse("not said");
    return stream.get(OPENED) == null
        ? never()
        : new Figure(
            LISTENS, "not now", "since %s: %s".formatted(Words.time(stream.get(CLOSED)), why));
  }

  private static Figure never() {
    return new Figure(LISTENS, "never yet", "it has opened no stream with GET");
  }

  private static Figure unread(Collection<Kept> messages) {
    var number = messages.stream().mapToLong(Kept::unread).sum();
    var isMore = messages.stream().anyMatch(kept -> kept.isMore() && kept.delivered() == 0);
    var oldest = messages.stream().mapToLong(Kept::oldestSeconds).max().orElse(0);
    return new Figure(
        "messages kept for it",
        Words.number(number) + (isMore ? " or more" : ""),
        number == 0
            ? "it has got all"
            : "unread, %s for %s".formatted(isMore ? "one" : "the oldest", Words.seconds(oldest)));
  }
}
