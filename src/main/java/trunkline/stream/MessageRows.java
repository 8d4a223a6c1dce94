package trunkline.stream;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;
import static trunkline.stream.OutboundMessagesTable.OUTBOUND_MESSAGES;
import static trunkline.stream.StreamsTable.STREAMS;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import trunkline.session.StreamId;
import trunkline.store.BoundText;
import trunkline.store.Database;
import trunkline.store.Sql;
import trunkline.store.SqlText;
import trunkline.stream.MessageStore.Page.StoredMessage;
import trunkline.stream.MessageStore.ReadRequest;
import trunkline.stream.MessageStore.StreamReady;

/// The messages in PostgreSQL: [BatchRows] writes them; this reads the pages of many followers at
/// once, and finds those that have unread messages.
class MessageRows implements MessageStore {
  private static final int SLOTS = 8;
  private static final int PAGE_ROWS = 200;
  private static final int PAGE_BYTES = 256 * 1024;

  /// Of all pages of one read, but for the message that goes beyond it.
  private static final int READ_BYTES = 4 << 20;

  private static final Field<Long> PLACE = SqlText.column("ord", SQLDataType.BIGINT);
  private static final Field<Boolean> FINISHED = SqlText.column("finished", SQLDataType.BOOLEAN);
  private static final Field<Integer> CURRENT_SLOT =
      SqlText.column("current_slot", SQLDataType.INTEGER);
  private static final Field<Long> AGE_MICROS = SqlText.column("age_micros", SQLDataType.BIGINT);
  private static final Field<Long> EPOCH = SqlText.column("epoch", SQLDataType.BIGINT);
  private static final Field<Long> WAITING_MILLIS =
      SqlText.column("waiting_millis", SQLDataType.BIGINT);

  /// `%1$s` is one SELECT per leaf: a live read names the two newest, so that the TRUNCATE of an
  /// old one never waits for it.
  private static final String READ =
      """
      -- outbound_messages.read: epoch, end, floor and messages of many followers in one snapshot. What is beyond the
      -- bytes of a read comes without its payload
      WITH control AS MATERIALIZED (SELECT current_slot FROM trunkline.issuing LIMIT 1)
      SELECT c.ord, s.finished_at IS NOT NULL AS finished, s.trimmed_through, k.current_slot, m.event_id,
             CASE WHEN sum(octet_length(m.payload)) OVER (ORDER BY c.ord, m.event_id ROWS UNBOUNDED PRECEDING)
                         - octet_length(m.payload) < %4$d THEN m.payload END AS payload,
             (extract(epoch FROM clock_timestamp() - m.created_at) * 1000000)::bigint AS age_micros
        FROM unnest(:streams::bigint[], :epochs::bigint[], :afters::bigint[]) WITH ORDINALITY c(stream_id, epoch, after, ord)
       CROSS JOIN control k
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
        FROM unnest(:streams::bigint[], :epochs::bigint[], :afters::bigint[]) c(stream_id, epoch, after)
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

  private static final SqlText SLOT =
      SqlText.of(
          """
          -- control.slot: which leaves the next read has to name
          SELECT current_slot FROM trunkline.issuing
          """,
          CURRENT_SLOT);

  private static final List<SqlText> READS =
      texts(leaf -> LEAF.formatted(leaf, PAGE_ROWS), MessageRows::read);
  private static final List<SqlText> NEWS_READS = texts(NEWS_LEAF::formatted, MessageRows::news);

  private final BatchRows batches;
  private final Database database;

  MessageRows(Database database) {
    this.batches = new BatchRows(database);
    this.database = database;
  }

  private static SqlText read(String leaves) {
    return SqlText.of(
        READ.formatted(leaves, PAGE_ROWS, PAGE_BYTES, READ_BYTES),
        PLACE,
        FINISHED,
        STREAMS.TRIMMED_THROUGH,
        CURRENT_SLOT,
        OUTBOUND_MESSAGES.EVENT_ID,
        OUTBOUND_MESSAGES.PAYLOAD,
        AGE_MICROS);
  }

  private static SqlText news(String leaves) {
    return SqlText.of(NEWS.formatted(leaves), STREAMS.STREAM_ID, EPOCH, WAITING_MILLIS);
  }

  /// Eight texts for the eight pairs of leaves (slot and the one before), and one for all.
  private static List<SqlText> texts(
      UnaryOperator<String> leaf, Function<String, SqlText> statement) {
    var pairs =
        IntStream.range(0, SLOTS)
            .mapToObj(slot ->
                leaf.apply("outbound_messages_" + slot)
                    + "\nUNION ALL\n"
                    + leaf.apply("outbound_messages_" + (slot + SLOTS - 1) % SLOTS));
    return Stream.concat(pairs, Stream.of(leaf.apply("outbound_messages"))).map(statement).toList();
  }

  @Override
  public BatchAnswer publish(BatchKey key, List<StreamWrite> batch) {
    return batches.publish(key, batch);
  }

  @Override
  public Optional<BatchAnswer> settle(BatchKey key, List<StreamWrite> batch) {
    return batches.settle(key, batch);
  }

  @Override
  public List<StreamId> locked(List<StreamId> streams) {
    return batches.locked(streams);
  }

  /// As [MessageStore#read].
  @Override
  public List<Page> read(int slot, List<ReadRequest> requests) {
    var pages = new Pages(requests.size(), PAGE_ROWS, PAGE_BYTES);
    var rows = database.runHere(sql -> bound(sql, READS, slot, requests).rows());
    rows.forEach(row -> add(row, pages));
    return pages.list();
  }

  private static void add(Record row, Pages pages) {
    var request = row.get(PLACE).intValue() - 1;
    pages.begin(
        request, row.get(FINISHED), row.get(STREAMS.TRIMMED_THROUGH), row.get(CURRENT_SLOT));
    var event = row.get(OUTBOUND_MESSAGES.EVENT_ID);
    var payload = row.get(OUTBOUND_MESSAGES.PAYLOAD);
    if (event != null && payload == null) {
      pages.cut(request);
    } else if (event != null) {
      pages.add(request, new StoredMessage(event, payload), row.get(AGE_MICROS));
    }
  }

  /// As [MessageStore#news].
  @Override
  public List<StreamReady> news(int slot, List<ReadRequest> requests) {
    return database.run(sql ->
        bound(sql, NEWS_READS, slot, requests)
            .fetch(row ->
                new StreamReady(
                    row.get(STREAMS.STREAM_ID), row.get(EPOCH), row.get(WAITING_MILLIS))));
  }

  private static BoundText bound(
      Sql sql, List<SqlText> texts, int slot, List<ReadRequest> requests) {
    return sql.text(texts.get(slot < 0 ? SLOTS : slot))
        .all("streams", STREAMS.STREAM_ID, requests, ReadRequest::stream)
        .all("epochs", STREAMS.HOLDER_EPOCH, requests, ReadRequest::epoch)
        .all("afters", OUTBOUND_MESSAGES.EVENT_ID, requests, ReadRequest::after);
  }

  /// As [MessageStore#latest].
  @Override
  public Optional<byte[]> latest(StreamId stream, byte[] beginning) {
    var heading =
        "outbound_messages.latest: of all slots, since a stream may be older than the last";
    return database.run(sql ->
        sql.named(heading)
            .select(OUTBOUND_MESSAGES.PAYLOAD)
            .from(OUTBOUND_MESSAGES)
            .where(OUTBOUND_MESSAGES.STREAM_ID.eq(stream))
            .and(
                condition(
                    "substr({0}, 1, {1}) = {2}",
                    OUTBOUND_MESSAGES.PAYLOAD, inline(beginning.length), val(beginning)))
            .orderBy(OUTBOUND_MESSAGES.EVENT_ID.desc())
            .limit(1)
            .fetchOptional(OUTBOUND_MESSAGES.PAYLOAD));
  }

  /// As [MessageStore#currentSlot].
  @Override
  public int currentSlot() {
    return database.run(sql -> sql.text(SLOT).single(row -> row.get(CURRENT_SLOT)));
  }
}
