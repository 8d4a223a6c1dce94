package trunkline.stream;

import static trunkline.stream.OutboundMessagesTable.OUTBOUND_MESSAGES;
import static trunkline.stream.PublishBatchesTable.PUBLISH_BATCHES;
import static trunkline.stream.StreamsTable.STREAMS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.BoundText;
import trunkline.store.Database;
import trunkline.store.Sql;
import trunkline.store.SqlText;
import trunkline.store.StatementRefused;
import trunkline.stream.MessageStore.BatchAnswer;
import trunkline.stream.MessageStore.BatchKey;

/// Writes `outbound_messages`, a batch at a time, and remembers in `publish_batches` what each did.
final class BatchRows {
  private static final Field<Integer> CURRENT_SLOT =
      SqlText.column("current_slot", SQLDataType.INTEGER);

  /// With the two that follow, side by side; null where none of the streams is held.
  private static final Field<Long[]> HELD_STREAMS =
      SqlText.column("streams", SQLDataType.BIGINT.array());

  private static final Field<Integer[]> HOLDERS =
      SqlText.column("instances", SQLDataType.INTEGER.array());
  private static final Field<Long[]> HOLDER_EPOCHS =
      SqlText.column("epochs", SQLDataType.BIGINT.array());

  /// What every publish ends with: the batch's own row, and who holds its streams.
  private static final String NOTED =
      """
              , noted AS (
                 INSERT INTO trunkline.publish_batches (writer, batch_no, slot, event_ids, rejected)
                 SELECT :writer, :batch_no, :slot, event_ids, rejected FROM answer)
          SELECT event_ids, rejected, current_slot, h.streams, h.instances, h.epochs
            FROM answer CROSS JOIN control CROSS JOIN (
                 SELECT array_agg(stream_id) AS streams, array_agg(holder_instance) AS instances,
                        array_agg(holder_epoch) AS epochs
                   FROM locked WHERE holder_instance IS NOT NULL) h
      """;

  /// Five owners in one statement: ids are drawn above a Sort over the locked rows, so the order of
  /// the numbers is the order of the commits within a stream.
  ///
  /// The join is a full one, of which the condition takes back what it adds, since that is hashed
  /// whatever the planner believes. It takes an array for ten rows and would compare each message
  /// with each stream: with 64 of them 1.35 ms instead of 0.85, with 256 4.5 instead of 2.8.
  private static final SqlText PUBLISH =
      publishing(
          """
          -- outbound_messages.publish: lock streams in id order, then ids, rows, ends and the batch's own row
          WITH control AS MATERIALIZED (
                 SELECT current_slot, prefix FROM trunkline.issuing LIMIT 1),
               asked AS MATERIALIZED (
                 SELECT * FROM unnest(:streams::bigint[], :writer_epochs::int[], :lasts::boolean[], :payloads::bytea[], :calls::bigint[])
                   WITH ORDINALITY a(stream_id, writer_epoch, last, payload, call_id, ord)),
               locked AS MATERIALIZED (
                 SELECT stream_id, holder_instance, holder_epoch, writer_epoch FROM trunkline.streams
                  WHERE stream_id = ANY (:streams::bigint[]) AND finished_at IS NULL
                  ORDER BY stream_id FOR NO KEY UPDATE),
               judged AS MATERIALIZED (
                 SELECT a.*, l.stream_id IS NOT NULL AS accepted
                   FROM asked a FULL JOIN locked l ON l.stream_id = a.stream_id AND l.writer_epoch = a.writer_epoch
                  WHERE coalesce(a.ord, 0) > 0),
               accepted AS (SELECT * FROM judged WHERE accepted),
               inserted AS (
                 INSERT INTO trunkline.outbound_messages (stream_id, event_id, slot, payload)
                 SELECT q.stream_id, q.prefix | nextval('trunkline.event_seq'), q.current_slot, q.payload
                   FROM (SELECT a.stream_id, a.payload, c.prefix, c.current_slot
                           FROM accepted a CROSS JOIN control c
                          WHERE a.payload IS NOT NULL ORDER BY a.ord) q
                 RETURNING event_id),
               finished AS (
                 UPDATE trunkline.streams s SET finished_at = clock_timestamp()
                   FROM (SELECT DISTINCT stream_id FROM accepted WHERE last) a WHERE s.stream_id = a.stream_id),
               answered AS (
                 UPDATE trunkline.calls c SET finished_at = clock_timestamp()
                   FROM (SELECT DISTINCT call_id FROM accepted) a WHERE c.call_id = a.call_id AND c.finished_at IS NULL),
               pending AS (
                 INSERT INTO trunkline.pending_requests
                   (pending_id, session_key, stream_id, asker, ordinal, method, digest, deadline, task_input, trace)
                 SELECT q.pending_id, q.session_key, a.stream_id, q.asker, q.ordinal, q.method, q.digest,
                        clock_timestamp() + q.patience_millis * interval '1 millisecond', q.task_input, q.trace
                   FROM unnest(:questions::bigint[], :pendings::bigint[], :sessions::bigint[], :askers::int[],
                               :ordinals::int[], :methods::text[], :digests::bytea[], :patiences::bigint[], :task_inputs::bigint[], :traces::text[])
                          q(ord, pending_id, session_key, asker, ordinal, method, digest, patience_millis, task_input, trace)
                   JOIN accepted a ON a.ord = q.ord),
               answer AS (
                 SELECT coalesce((SELECT array_agg(event_id ORDER BY event_id) FROM inserted), '{}') AS event_ids,
                        coalesce((SELECT array_agg(ord::int ORDER BY ord) FROM judged WHERE NOT accepted), '{}') AS rejected)
          """);

  /// The same for notices alone, as nearly all batches are: without two owners and ten arrays. Whom
  /// it refuses a join of its own finds, a full one as well, so that no payload is copied. With 64
  /// 4.2 ms instead of 5.2, with 200 11.3 instead of 17.4 (least of 40, a slow machine, no flush).
  private static final SqlText PUBLISH_NOTICES =
      publishing(
          """
          -- outbound_messages.publish_notices: lock streams in id order, then ids, rows and the batch's own row
          WITH control AS MATERIALIZED (
                 SELECT current_slot, prefix FROM trunkline.issuing LIMIT 1),
               locked AS MATERIALIZED (
                 SELECT stream_id, holder_instance, holder_epoch, writer_epoch FROM trunkline.streams
                  WHERE stream_id = ANY (:streams::bigint[]) AND finished_at IS NULL
                  ORDER BY stream_id FOR NO KEY UPDATE),
               inserted AS (
                 INSERT INTO trunkline.outbound_messages (stream_id, event_id, slot, payload)
                 SELECT q.stream_id, q.prefix | nextval('trunkline.event_seq'), q.current_slot, q.payload
                   FROM (SELECT a.stream_id, a.payload, c.prefix, c.current_slot
                           FROM unnest(:streams::bigint[], :writer_epochs::int[], :payloads::bytea[])
                                  WITH ORDINALITY a(stream_id, writer_epoch, payload, ord)
                           FULL JOIN locked l ON l.stream_id = a.stream_id AND l.writer_epoch = a.writer_epoch
                          CROSS JOIN control c
                          WHERE coalesce(a.ord, 0) > 0 AND coalesce(l.stream_id, 0) > 0 ORDER BY a.ord) q
                 RETURNING event_id),
               answer AS (
                 SELECT coalesce((SELECT array_agg(event_id ORDER BY event_id) FROM inserted), '{}') AS event_ids,
                        coalesce((SELECT array_agg(a.ord::int ORDER BY a.ord)
                                    FROM unnest(:streams::bigint[], :writer_epochs::int[])
                                           WITH ORDINALITY a(stream_id, writer_epoch, ord)
                                    FULL JOIN locked l ON l.stream_id = a.stream_id AND l.writer_epoch = a.writer_epoch
                                   WHERE coalesce(a.ord, 0) > 0 AND l.stream_id IS NULL), '{}') AS rejected)
          """);

  /// The same for the one message that an idle instance sends, if it is a notice: with plain
  /// values, whose plan is kept where that of short arrays is made anew each time. 0.39 ms instead
  /// of 0.69, without the flush.
  private static final SqlText PUBLISH_ALONE =
      publishing(
          """
          -- outbound_messages.publish_alone: lock the stream, then the id, the row and the batch's own row
          WITH control AS MATERIALIZED (
                 SELECT current_slot, prefix FROM trunkline.issuing LIMIT 1),
               locked AS MATERIALIZED (
                 SELECT stream_id, holder_instance, holder_epoch, writer_epoch FROM trunkline.streams
                  WHERE stream_id = :stream_id AND finished_at IS NULL
                  ORDER BY stream_id FOR NO KEY UPDATE),
               inserted AS (
                 INSERT INTO trunkline.outbound_messages (stream_id, event_id, slot, payload)
                 SELECT l.stream_id, c.prefix | nextval('trunkline.event_seq'), c.current_slot, :payload::bytea
                   FROM locked l CROSS JOIN control c WHERE l.writer_epoch = :writer_epoch
                 RETURNING event_id),
               answer AS (
                 SELECT coalesce(array_agg(event_id), '{}') AS event_ids,
                        CASE WHEN count(*) = 0 THEN '{1}'::int[] ELSE '{}' END AS rejected
                   FROM inserted)
          """);

  private static final SqlText PUBLISHED =
      SqlText.of(
          """
          -- publish_batches.find: what a batch did whose answer was lost, and whom to wake for it
          SELECT b.event_ids, b.rejected, i.current_slot, h.streams, h.instances, h.epochs
            FROM trunkline.publish_batches b CROSS JOIN trunkline.issuing i CROSS JOIN (
                 SELECT array_agg(stream_id) AS streams, array_agg(holder_instance) AS instances,
                        array_agg(holder_epoch) AS epochs
                   FROM trunkline.streams WHERE stream_id = ANY (:streams::bigint[]) AND holder_instance IS NOT NULL) h
           WHERE b.writer = :writer AND b.batch_no = :batch_no AND b.slot = :slot
          """,
          PUBLISH_BATCHES.EVENT_IDS,
          PUBLISH_BATCHES.REJECTED,
          CURRENT_SLOT,
          HELD_STREAMS,
          HOLDERS,
          HOLDER_EPOCHS);

  /// Whoever inserts the key first wins: after this an attempt of the batch that still waits for a
  /// lock, or has not even begun, violates it and stores nothing.
  private static final SqlText TAKE_KEY =
      SqlText.of(
          """
          -- publish_batches.take_key: of a batch that is not stored, so that it never will be
          INSERT INTO trunkline.publish_batches (writer, batch_no, slot, event_ids, rejected)
          VALUES (:writer, :batch_no, :slot, '{}', :taken) ON CONFLICT DO NOTHING
          """);

  private static final SqlText FREE =
      SqlText.of(
          """
          -- streams.free: which rows nobody else has locked; the locks end with this statement
          SELECT stream_id FROM trunkline.streams WHERE stream_id = ANY (:streams::bigint[])
           ORDER BY stream_id FOR NO KEY UPDATE SKIP LOCKED
          """,
          STREAMS.STREAM_ID);

  private static final SqlText EXISTING =
      SqlText.of(
          """
          -- streams.existing: so that a missing row is not taken for a locked one
          SELECT stream_id FROM trunkline.streams WHERE stream_id = ANY (:streams::bigint[])
          """,
          STREAMS.STREAM_ID);

  private static final SqlText BUSY_CALLS =
      SqlText.of(
          """
          -- calls.busy: streams with a call that somebody has locked, so that its answer would wait for the lock
          WITH free AS MATERIALIZED (
                 SELECT call_id FROM trunkline.calls
                  WHERE stream_id = ANY (:streams::bigint[]) AND finished_at IS NULL
                  ORDER BY call_id FOR NO KEY UPDATE SKIP LOCKED)
          SELECT DISTINCT stream_id FROM trunkline.calls
           WHERE stream_id = ANY (:streams::bigint[]) AND finished_at IS NULL
             AND call_id NOT IN (SELECT call_id FROM free)
          """,
          STREAMS.STREAM_ID);

  /// In the place of a batch's refused messages, which are numbered from 1: it will never be
  /// stored.
  private static final Integer[] TAKEN = {0};

  private final Database database;

  /// A question and its 1-based place in the batch.
  private record Asked(long place, Question question) {}

  BatchRows(Database database) {
    this.database = database;
  }

  /// As [MessageStore#publish].
  BatchAnswer publish(BatchKey key, List<StreamWrite> batch) {
    try {
      return database.runHere(
          sql -> keyed(bound(sql, batch), key).unlessWarned().single(row -> answer(row, batch)));
    } catch (StatementRefused e) {
      if (isKeyTaken(e)) {
        return database.runHere(sql -> found(sql, key, batch)).orElseThrow(() -> e);
      }
      throw e;
    }
  }

  /// As [MessageStore#settle].
  Optional<BatchAnswer> settle(BatchKey key, List<StreamWrite> batch) {
    return database.runHere(sql -> {
      var taken = keyed(sql.text(TAKE_KEY), key).set("taken", PUBLISH_BATCHES.REJECTED, TAKEN);
      // A statement of its own: the first one's snapshot may be older than the row that it met.
      return taken.unlessWarned().execute() == 1 ? Optional.empty() : found(sql, key, batch);
    });
  }

  /// Empty when the key was taken for good.
  private static Optional<BatchAnswer> found(Sql sql, BatchKey key, List<StreamWrite> batch) {
    return keyed(sql.text(PUBLISHED), key)
        .all("streams", STREAMS.STREAM_ID, batch, StreamWrite::stream)
        .single(row ->
            Arrays.equals(row.get(PUBLISH_BATCHES.REJECTED), TAKEN)
                ? Optional.empty()
                : Optional.of(answer(row, batch)));
  }

  /// The key of the batch, and of no other table that the statement writes.
  private static boolean isKeyTaken(StatementRefused failure) {
    return failure.isUniqueViolation() && failure.violates("publish_batches");
  }

  private static SqlText publishing(String text) {
    return SqlText.of(
        text + NOTED,
        PUBLISH_BATCHES.EVENT_IDS,
        PUBLISH_BATCHES.REJECTED,
        CURRENT_SLOT,
        HELD_STREAMS,
        HOLDERS,
        HOLDER_EPOCHS);
  }

  private static BoundText bound(Sql sql, List<StreamWrite> batch) {
    if (batch.stream().allMatch(StreamWrite.Notice.class::isInstance)) {
      return batch.size() == 1
          ? alone(sql.text(PUBLISH_ALONE), batch.getFirst())
          : written(sql.text(PUBLISH_NOTICES), batch);
    }
    var asked = asked(batch);
    return written(sql.text(PUBLISH), batch)
        .all("lasts", SQLDataType.BOOLEAN, batch, StreamWrite::last)
        .all("calls", SQLDataType.BIGINT, batch, BatchRows::finishedCall)
        .all("questions", SQLDataType.BIGINT, asked, Asked::place)
        .all("pendings", SQLDataType.BIGINT, asked, a -> a.question().pending().value())
        .all("sessions", STREAMS.SESSION_KEY, asked, a -> a.question().session())
        .all("askers", SQLDataType.INTEGER, asked, a -> a.question().asker().value())
        .all("ordinals", SQLDataType.INTEGER, asked, a -> a.question().ordinal())
        .all("methods", SQLDataType.CLOB, asked, a -> a.question().method())
        .all("digests", SQLDataType.BLOB, asked, a -> a.question().digest())
        .all("patiences", SQLDataType.BIGINT, asked, a -> a.question().patience().toMillis())
        .all("task_inputs", SQLDataType.BIGINT, asked, a -> a.question().taskInput())
        .all("traces", SQLDataType.CLOB, asked, BatchRows::trace);
  }

  private static BoundText alone(BoundText text, StreamWrite notice) {
    return text.set(STREAMS.STREAM_ID, notice.stream())
        .set(STREAMS.WRITER_EPOCH, notice.writerEpoch())
        .set(OUTBOUND_MESSAGES.PAYLOAD, notice.payload());
  }

  private static BoundText written(BoundText text, List<StreamWrite> batch) {
    return text.all("streams", STREAMS.STREAM_ID, batch, StreamWrite::stream)
        .all("writer_epochs", STREAMS.WRITER_EPOCH, batch, StreamWrite::writerEpoch)
        .all("payloads", OUTBOUND_MESSAGES.PAYLOAD, payloads(batch));
  }

  private static List<byte @Nullable []> payloads(List<StreamWrite> batch) {
    var payloads = new ArrayList<byte @Nullable []>(batch.size());
    for (var write : batch) {
      payloads.add(write.payload());
    }
    return payloads;
  }

  private static @Nullable Long finishedCall(StreamWrite write) {
    return switch (write) {
      case StreamWrite.Answer answer -> answer.call().value();
      case StreamWrite.NoAnswer none -> none.call().value();
      case StreamWrite.Notice _, StreamWrite.Ask _, StreamWrite.End _ -> null;
    };
  }

  private static List<Asked> asked(List<StreamWrite> batch) {
    var asked = new ArrayList<Asked>();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i) instanceof StreamWrite.Ask ask) {
        asked.add(new Asked(i + 1L, ask.question()));
      }
    }
    return asked;
  }

  private static @Nullable String trace(Asked asked) {
    var trace = asked.question().trace();
    return trace == null ? null : trace.text();
  }

  private static BoundText keyed(BoundText text, BatchKey key) {
    return text.set(PUBLISH_BATCHES.WRITER, key.writer())
        .set(PUBLISH_BATCHES.BATCH_NO, key.number())
        .set(PUBLISH_BATCHES.SLOT, key.slot());
  }

  private static BatchAnswer answer(Record row, List<StreamWrite> batch) {
    return new BatchAnswer(outcomes(batch, row), holders(row), row.get(CURRENT_SLOT));
  }

  private static List<Published> outcomes(List<StreamWrite> batch, Record row) {
    var ids = row.get(PUBLISH_BATCHES.EVENT_IDS);
    var refused = new HashSet<>(List.of(row.get(PUBLISH_BATCHES.REJECTED)));
    var outcomes = new ArrayList<Published>(batch.size());
    int next = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (refused.contains(i + 1)) {
        outcomes.add(new Published.Refused());
      } else {
        outcomes.add(new Published.Stored(batch.get(i).payload() == null ? 0 : ids[next++]));
      }
    }
    return outcomes;
  }

  private static List<BatchAnswer.HeldBy> holders(Record row) {
    var streams = row.get(HELD_STREAMS);
    if (streams == null) {
      return List.of();
    }
    var instances = row.get(HOLDERS);
    var epochs = row.get(HOLDER_EPOCHS);
    var holders = new ArrayList<BatchAnswer.HeldBy>(streams.length);
    for (int i = 0; i < streams.length; i++) {
      holders.add(
          new BatchAnswer.HeldBy(
              new StreamId(streams[i]), new InstanceId(instances[i]), epochs[i]));
    }
    return holders;
  }

  /// As [MessageStore#locked].
  List<StreamId> locked(List<StreamId> streams) {
    return database.runHere(sql -> {
      var locked = new ArrayList<>(select(sql, EXISTING, streams));
      locked.removeAll(select(sql, FREE, streams));
      locked.addAll(select(sql, BUSY_CALLS, streams));
      return locked;
    });
  }

  private static List<StreamId> select(Sql sql, SqlText text, List<StreamId> streams) {
    return sql.text(text)
        .all("streams", STREAMS.STREAM_ID, streams)
        .fetch(row -> row.get(STREAMS.STREAM_ID));
  }
}
