package trunkline.console;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.BLOB;
import static org.jooq.impl.SQLDataType.BOOLEAN;
import static org.jooq.impl.SQLDataType.INSTANT;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import trunkline.console.Messages.Message;
import trunkline.console.visitor.Admission.Admitted.Visitor;
import trunkline.console.visitor.ScopedAdmission;
import trunkline.http.Pages.Visit;
import trunkline.page.PlainText;
import trunkline.page.Words;
import trunkline.store.SqlText;

/// What the messages of one session say, to those who may read it. What its client said, arguments
/// and answers, is shown to nobody.
final class MessagesScreen {
  private static final int ROWS_MAX = 50;
  private static final int BYTES_MAX = 4_096;

  private static final Field<Long> EVENT = column("event_id", BIGINT);
  private static final Field<Long> STREAM = column("stream_id", BIGINT);
  private static final Field<Instant> AT = column("created_at", INSTANT);
  private static final Field<Integer> BYTES = column("bytes", INTEGER);
  private static final Field<Boolean> DELIVERED = column("delivered", BOOLEAN);
  private static final Field<byte[]> BEGINNING = column("beginning", BLOB);

  private static final SqlText TEXT =
      SqlText.of(
          """
          -- console.messages: of one session, the newest first
          SELECT d.event_id, d.stream_id, d.created_at, d.bytes, d.delivered, substring(p.payload FOR :bytes) AS beginning
            FROM (SELECT m.* FROM trunkline.stream_directory t
                   CROSS JOIN LATERAL (SELECT * FROM trunkline.message_directory m
                                        WHERE m.stream_id = t.stream_id AND m.event_id < :before ORDER BY m.event_id DESC LIMIT :rows) m
                   WHERE t.session_key = :session ORDER BY m.event_id DESC LIMIT :rows) d
            JOIN trunkline.message_payloads p USING (stream_id, event_id)
           ORDER BY d.event_id DESC
          """,
          EVENT,
          STREAM,
          AT,
          BYTES,
          DELIVERED,
          BEGINNING);

  private final ConsoleLine line;

  MessagesScreen(ConsoleLine line) {
    this.line = line;
  }

  Shown show(long session, Visit visit, Visitor visitor) throws InterruptedException {
    if (!visitor.reads()) {
      return new Shown.Refused(
          "what messages say is shown where --console-payloads is on, to those who have the scope "
              + ScopedAdmission.READS);
    }
    var from = Asked.key(visit, "before", Long.MAX_VALUE);
    var found =
        line.read(sql ->
            StoryRows.session(sql, session)
                .map(_ ->
                    sql.text(TEXT)
                        .set("session", session)
                        .set("before", from)
                        .set("bytes", BYTES_MAX)
                        .set("rows", ROWS_MAX + 1)
                        .fetch(MessagesScreen::message)));
    return found.map(rows -> shown(session, rows)).orElseGet(() -> SessionScreen.missing(session));
  }

  private static Shown shown(long session, List<Message> rows) {
    var more = rows.size() > ROWS_MAX;
    var shown = more ? rows.subList(0, ROWS_MAX) : rows;
    var older = more ? "?before=" + shown.getLast().event() : "";
    return Shown.filled(
        "Messages of session " + session,
        "messages.jte",
        new Messages(session, List.copyOf(shown), older));
  }

  private static Message message(Record row) {
    var beginning = row.get(BEGINNING);
    return new Message(
        row.get(EVENT),
        row.get(STREAM),
        Words.moment(row.get(AT)),
        Words.bytes(row.get(BYTES)),
        row.get(DELIVERED),
        PlainText.line(new String(beginning, StandardCharsets.UTF_8), BYTES_MAX),
        row.get(BYTES) > beginning.length);
  }
}
