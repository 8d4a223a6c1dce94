package trunkline.stream;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.SqlState;

/// Writes and reads `outbound_messages` and `publish_batches`. Hot: plain JDBC, prepared once per
/// connection by the driver.
class MessageRows implements MessageStore {
  static final int SLOTS = 8;
  private static final int PAGE_ROWS = 200;
  private static final int PAGE_BYTES = 256 * 1024;

  /// Five owners in one statement: ids are drawn above a Sort over the locked rows, so the order of
  /// the numbers is the order of the commits within a stream.
  private static final String PUBLISH =
      """
      -- outbound_messages.publish: lock streams in id order, then ids, rows, ends and the batch's own row
      WITH control AS MATERIALIZED (
             SELECT current_slot, trunkline.id_prefix() AS prefix FROM trunkline.control),
           asked AS MATERIALIZED (
             SELECT * FROM unnest(?::bigint[], ?::int[], ?::boolean[], ?::bytea[], ?::bigint[])
               WITH ORDINALITY a(stream_id, writer_epoch, last, payload, call_id, ord)),
           locked AS MATERIALIZED (
             SELECT stream_id, holder_instance, holder_epoch, writer_epoch FROM trunkline.streams
              WHERE stream_id = ANY (?::bigint[]) AND finished_at IS NULL
              ORDER BY stream_id FOR NO KEY UPDATE),
           accepted AS MATERIALIZED (
             SELECT a.*, l.holder_instance, l.holder_epoch
               FROM asked a JOIN locked l ON l.stream_id = a.stream_id AND l.writer_epoch = a.writer_epoch),
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
               FROM accepted a WHERE c.call_id = a.call_id AND c.finished_at IS NULL),
           pending AS (
             INSERT INTO trunkline.pending_requests
               (pending_id, session_key, stream_id, asker, ordinal, method, digest, deadline, task_input)
             SELECT q.pending_id, q.session_key, a.stream_id, q.asker, q.ordinal, q.method, q.digest,
                    clock_timestamp() + q.patience_millis * interval '1 millisecond', q.task_input
               FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::text[], ?::bytea[], ?::bigint[], ?::bigint[])
                      q(ord, pending_id, session_key, asker, ordinal, method, digest, patience_millis, task_input)
               JOIN accepted a ON a.ord = q.ord),
           answer AS (
             SELECT coalesce((SELECT array_agg(event_id ORDER BY event_id) FROM inserted), '{}') AS event_ids,
                    coalesce((SELECT array_agg(a.ord::int ORDER BY a.ord) FROM asked a
                               WHERE NOT EXISTS (SELECT FROM accepted x WHERE x.ord = a.ord)), '{}') AS rejected),
           noted AS (
             INSERT INTO trunkline.publish_batches (writer, batch_no, slot, event_ids, rejected)
             SELECT ?, ?, ?, event_ids, rejected FROM answer)
      SELECT event_ids, rejected, current_slot, h.streams, h.instances, h.epochs
        FROM answer CROSS JOIN control CROSS JOIN (
             SELECT array_agg(stream_id) AS streams, array_agg(holder_instance) AS instances,
                    array_agg(holder_epoch) AS epochs
               FROM locked WHERE holder_instance IS NOT NULL) h
      """;

  private static final String PUBLISHED =
      """
      -- publish_batches.find: what a batch did whose answer was lost, and whom to wake for it
      SELECT b.event_ids, b.rejected, c.current_slot, h.streams, h.instances, h.epochs
        FROM trunkline.publish_batches b CROSS JOIN trunkline.control c CROSS JOIN (
             SELECT array_agg(stream_id) AS streams, array_agg(holder_instance) AS instances,
                    array_agg(holder_epoch) AS epochs
               FROM trunkline.streams WHERE stream_id = ANY (?::bigint[]) AND holder_instance IS NOT NULL) h
       WHERE b.writer = ? AND b.batch_no = ? AND b.slot = ?
      """;

  private static final String FREE =
      """
      -- streams.free: which rows nobody else has locked; the locks end with this statement
      SELECT stream_id FROM trunkline.streams WHERE stream_id = ANY (?::bigint[])
       ORDER BY stream_id FOR NO KEY UPDATE SKIP LOCKED
      """;

  private static final String EXISTING =
      """
      -- streams.existing: so that a missing row is not taken for a locked one
      SELECT stream_id FROM trunkline.streams WHERE stream_id = ANY (?::bigint[])
      """;

  /// `%1$s` is one SELECT per leaf: a live look names the two newest, so that the TRUNCATE of an
  /// old one never waits for it.
  private static final String READ =
      """
      -- outbound_messages.read: epoch, end, floor and messages of many followers in one snapshot
      SELECT c.ord, s.finished_at IS NOT NULL AS finished, s.trimmed_through, k.current_slot, m.event_id, m.payload,
             (extract(epoch FROM clock_timestamp() - m.created_at) * 1000000)::bigint AS age_micros
        FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) WITH ORDINALITY c(stream_id, epoch, after, ord)
       CROSS JOIN trunkline.control k
        JOIN trunkline.streams s ON s.stream_id = c.stream_id AND s.holder_epoch = c.epoch
        LEFT JOIN LATERAL (
             SELECT event_id, payload, created_at
               FROM (SELECT event_id, payload, created_at,
                            sum(octet_length(payload)) OVER (ORDER BY event_id ROWS UNBOUNDED PRECEDING)
                              - octet_length(payload) AS bytes_before
                       FROM (%1$s) leaves ORDER BY event_id LIMIT %2$d) sized
              WHERE bytes_before < %3$d) m ON true
       ORDER BY c.ord, m.event_id
      """;

  private static final String LEAF =
      """
      (SELECT event_id, payload, created_at FROM trunkline.%s
        WHERE stream_id = c.stream_id AND event_id > c.after ORDER BY event_id LIMIT %d)\
      """;

  private static final String NEWS =
      """
      -- outbound_messages.news: which of many followers should look; one statement for all of them
      SELECT c.stream_id, c.epoch,
             coalesce((extract(epoch FROM clock_timestamp() - m.created_at) * 1000)::bigint, 0) AS waiting_millis
        FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) c(stream_id, epoch, after)
        LEFT JOIN trunkline.streams s ON s.stream_id = c.stream_id
        LEFT JOIN LATERAL (
             SELECT created_at FROM (%1$s) leaves ORDER BY event_id LIMIT 1) m ON true
       WHERE s.holder_epoch IS DISTINCT FROM c.epoch OR s.finished_at IS NOT NULL OR m.created_at IS NOT NULL
      """;

  private static final String NEWS_LEAF =
      """
      (SELECT event_id, created_at FROM trunkline.%s
        WHERE stream_id = c.stream_id AND event_id > c.after ORDER BY event_id LIMIT 1)\
      """;

  private static final String CURRENT_SLOT =
      """
      -- control.slot: which leaves the next look has to name
      SELECT current_slot FROM trunkline.control
      """;

  private static final List<String> READ_TEXTS =
      texts(leaf -> LEAF.formatted(leaf, PAGE_ROWS), MessageRows::readText);
  private static final List<String> NEWS_TEXTS = texts(NEWS_LEAF::formatted, NEWS::formatted);

  private static String readText(String leaves) {
    return READ.formatted(leaves, PAGE_ROWS, PAGE_BYTES);
  }

  /// Eight texts for the eight pairs of leaves (slot and the one before), and one for all.
  private static List<String> texts(
      Function<String, String> leaf, Function<String, String> statement) {
    var texts = new ArrayList<String>();
    for (int slot = 0; slot < SLOTS; slot++) {
      var before = (slot + SLOTS - 1) % SLOTS;
      texts.add(
          statement.apply(
              leaf.apply("outbound_messages_" + slot)
                  + "\nUNION ALL\n"
                  + leaf.apply("outbound_messages_" + before)));
    }
    texts.add(statement.apply(leaf.apply("outbound_messages")));
    return List.copyOf(texts);
  }

  private static String text(List<String> texts, int slot) {
    return texts.get(slot < 0 ? SLOTS : slot);
  }

  private final Database database;

  MessageRows(Database database) {
    this.database = database;
  }

  @Override
  public BatchAnswer publish(BatchKey key, List<StreamWrite> batch) {
    return database.onThisThread(connection -> {
      try {
        return publish(connection, key, batch);
      } catch (SQLException e) {
        if (isKeyTaken(e)) {
          return published(connection, key, batch);
        }
        throw e;
      }
    });
  }

  /// The key of the batch, and of no other table that the statement writes.
  private static boolean isKeyTaken(SQLException failure) {
    return SqlState.of(failure) == SqlState.UNIQUE_VIOLATION
        && String.valueOf(failure.getMessage()).contains("publish_batches");
  }

  private static BatchAnswer publish(Connection connection, BatchKey key, List<StreamWrite> batch)
      throws SQLException {
    try (var statement = connection.prepareStatement(PUBLISH)) {
      statement.setArray(1, array(connection, "bigint", batch, m -> m.stream().value()));
      statement.setArray(2, array(connection, "int", batch, StreamWrite::writerEpoch));
      statement.setArray(3, array(connection, "boolean", batch, StreamWrite::last));
      statement.setArray(
          4,
          connection.createArrayOf(
              "bytea", batch.stream().map(StreamWrite::payload).toArray(byte[][]::new)));
      statement.setArray(5, array(connection, "bigint", batch, MessageRows::finishedCall));
      statement.setArray(6, array(connection, "bigint", batch, m -> m.stream().value()));
      bindQuestions(connection, statement, batch);
      statement.setLong(16, key.writer());
      statement.setLong(17, key.number());
      statement.setInt(18, key.slot());
      return answer(statement, batch);
    }
  }

  private static @Nullable Object finishedCall(StreamWrite write) {
    return switch (write) {
      case StreamWrite.Answer answer -> answer.call().value();
      case StreamWrite.NoAnswer none -> none.call().value();
      case StreamWrite.Notice _, StreamWrite.Ask _, StreamWrite.End _ -> null;
    };
  }

  private static void bindQuestions(
      Connection connection, PreparedStatement statement, List<StreamWrite> batch)
      throws SQLException {
    var ordinals = new ArrayList<Long>();
    var questions = new ArrayList<Question>();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i) instanceof StreamWrite.Ask ask) {
        ordinals.add(i + 1L);
        questions.add(ask.question());
      }
    }
    statement.setArray(7, connection.createArrayOf("bigint", ordinals.toArray()));
    statement.setArray(8, array(connection, "bigint", questions, q -> q.pending().value()));
    statement.setArray(9, array(connection, "bigint", questions, q -> q.session().value()));
    statement.setArray(10, array(connection, "int", questions, q -> q.asker().value()));
    statement.setArray(11, array(connection, "int", questions, Question::ordinal));
    statement.setArray(12, array(connection, "text", questions, Question::method));
    statement.setArray(
        13,
        connection.createArrayOf(
            "bytea", questions.stream().map(Question::digest).toArray(byte[][]::new)));
    statement.setArray(14, array(connection, "bigint", questions, q -> q.patience().toMillis()));
    statement.setArray(15, array(connection, "bigint", questions, Question::taskInput));
  }

  private static BatchAnswer published(Connection connection, BatchKey key, List<StreamWrite> batch)
      throws SQLException {
    try (var statement = connection.prepareStatement(PUBLISHED)) {
      statement.setArray(1, array(connection, "bigint", batch, m -> m.stream().value()));
      statement.setLong(2, key.writer());
      statement.setLong(3, key.number());
      statement.setInt(4, key.slot());
      return answer(statement, batch);
    }
  }

  private static BatchAnswer answer(PreparedStatement statement, List<StreamWrite> batch)
      throws SQLException {
    try (var rows = statement.executeQuery()) {
      if (!rows.next()) {
        throw new SQLException("a batch without its row", "P0002");
      }
      if (statement.getWarnings() != null) {
        // A commit that says "might not have been replicated" is not a success (delivery: S13).
        throw new SQLException("unsure: " + statement.getWarnings().getMessage(), "08007");
      }
      return new BatchAnswer(
          outcomes(batch, longs(rows.getArray(1)), ints(rows.getArray(2))),
          holders(longs(rows.getArray(4)), ints(rows.getArray(5)), longs(rows.getArray(6))),
          rows.getInt(3));
    }
  }

  private static List<Published> outcomes(List<StreamWrite> batch, Long[] ids, Integer[] rejected) {
    var refused = new HashSet<>(Arrays.asList(rejected));
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

  private static List<BatchAnswer.HeldBy> holders(
      Long[] streams, Integer[] instances, Long[] epochs) {
    var holders = new ArrayList<BatchAnswer.HeldBy>(streams.length);
    for (int i = 0; i < streams.length; i++) {
      holders.add(
          new BatchAnswer.HeldBy(
              new StreamId(streams[i]), new InstanceId(instances[i]), epochs[i]));
    }
    return holders;
  }

  @Override
  public List<StreamId> locked(List<StreamId> streams) {
    return database.onThisThread(connection -> {
      var locked = new ArrayList<>(select(connection, EXISTING, streams));
      locked.removeAll(select(connection, FREE, streams));
      return locked;
    });
  }

  private static List<StreamId> select(Connection connection, String text, List<StreamId> streams)
      throws SQLException {
    try (var statement = connection.prepareStatement(text)) {
      statement.setArray(1, array(connection, "bigint", streams, StreamId::value));
      var found = new ArrayList<StreamId>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(new StreamId(rows.getLong(1)));
        }
      }
      return found;
    }
  }

  @Override
  public List<Page> read(int slot, List<ReadRequest> requests) {
    return database.onThisThread(connection -> read(connection, slot, requests));
  }

  private static List<Page> read(Connection connection, int slot, List<ReadRequest> requests)
      throws SQLException {
    try (var statement = connection.prepareStatement(text(READ_TEXTS, slot))) {
      bindLooks(connection, statement, requests);
      try (var rows = statement.executeQuery()) {
        var pages = new Pages(requests.size(), PAGE_ROWS, PAGE_BYTES);
        while (rows.next()) {
          pages.add(rows);
        }
        return pages.list();
      }
    }
  }

  @Override
  public int currentSlot() {
    return database.call(MessageRows::currentSlot);
  }

  private static int currentSlot(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(CURRENT_SLOT);
        var rows = statement.executeQuery()) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Override
  public List<StreamReady> news(int slot, List<ReadRequest> requests) {
    return database.call(connection -> news(connection, slot, requests));
  }

  private static List<StreamReady> news(Connection connection, int slot, List<ReadRequest> requests)
      throws SQLException {
    try (var statement = connection.prepareStatement(text(NEWS_TEXTS, slot))) {
      bindLooks(connection, statement, requests);
      try (var rows = statement.executeQuery()) {
        var news = new ArrayList<StreamReady>();
        while (rows.next()) {
          news.add(
              new StreamReady(new StreamId(rows.getLong(1)), rows.getLong(2), rows.getLong(3)));
        }
        return news;
      }
    }
  }

  private static void bindLooks(
      Connection connection, PreparedStatement statement, List<ReadRequest> requests)
      throws SQLException {
    statement.setArray(1, array(connection, "bigint", requests, l -> l.stream().value()));
    statement.setArray(2, array(connection, "bigint", requests, ReadRequest::epoch));
    statement.setArray(3, array(connection, "bigint", requests, ReadRequest::after));
  }

  private static <T> Array array(
      Connection connection, String type, List<T> items, Function<T, @Nullable Object> value)
      throws SQLException {
    return connection.createArrayOf(type, items.stream().map(value).toArray());
  }

  private static Long[] longs(@Nullable Array array) throws SQLException {
    return array == null ? new Long[0] : (Long[]) array.getArray();
  }

  private static Integer[] ints(@Nullable Array array) throws SQLException {
    return array == null ? new Integer[0] : (Integer[]) array.getArray();
  }
}
