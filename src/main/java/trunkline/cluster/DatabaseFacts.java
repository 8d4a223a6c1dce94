package trunkline.cluster;

import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.BOOLEAN;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import org.jooq.Field;
import org.jooq.Record;
import trunkline.store.Database;
import trunkline.store.SqlText;

/// The server and its settings, as a connection of the pool reports them.
///
/// @param sequencesMisused sequences whose order of numbers is not the order of drawing
record DatabaseFacts(
    String role,
    boolean standby,
    int versionNumber,
    String encoding,
    String isolation,
    String synchronousCommit,
    long lockTimeoutMillis,
    long statementTimeoutMillis,
    long idleInTransactionMillis,
    String searchPath,
    String sequencesMisused) {

  private static final Field<String> ROLE = column("role", CLOB);
  private static final Field<Boolean> STANDBY = column("standby", BOOLEAN);
  private static final Field<Integer> VERSION_NUMBER = column("version_number", INTEGER);
  private static final Field<String> ENCODING = column("encoding", CLOB);
  private static final Field<String> ISOLATION = column("isolation", CLOB);
  private static final Field<String> SYNCHRONOUS_COMMIT = column("synchronous_commit", CLOB);
  private static final Field<Long> LOCK_TIMEOUT = column("lock_timeout", BIGINT);
  private static final Field<Long> STATEMENT_TIMEOUT = column("statement_timeout", BIGINT);
  private static final Field<Long> IDLE_IN_TRANSACTION = column("idle_in_transaction", BIGINT);
  private static final Field<String> SEARCH_PATH = column("search_path", CLOB);
  private static final Field<String> SEQUENCES_MISUSED = column("sequences_misused", CLOB);

  private static final SqlText READ =
      SqlText.of(
          """
          -- database.inspect: through the pool, since that is where settings get lost
          SELECT current_user::text AS role, pg_is_in_recovery() AS standby,
                 current_setting('server_version_num')::int AS version_number,
                 current_setting('server_encoding') AS encoding,
                 current_setting('transaction_isolation') AS isolation,
                 current_setting('synchronous_commit') AS synchronous_commit,
                 (SELECT setting::bigint FROM pg_settings WHERE name = 'lock_timeout') AS lock_timeout,
                 (SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout') AS statement_timeout,
                 (SELECT setting::bigint FROM pg_settings
                   WHERE name = 'idle_in_transaction_session_timeout') AS idle_in_transaction,
                 current_setting('search_path') AS search_path,
                 (SELECT coalesce(string_agg('trunkline.' || c.relname, ', ' ORDER BY c.relname), '')
                    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
                    JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname = 'trunkline' AND c.relname IN ('event_seq', 'announcement_seq')
                     AND (s.seqcache <> 1 OR s.seqincrement <> 1 OR s.seqcycle)) AS sequences_misused
          """,
          ROLE,
          STANDBY,
          VERSION_NUMBER,
          ENCODING,
          ISOLATION,
          SYNCHRONOUS_COMMIT,
          LOCK_TIMEOUT,
          STATEMENT_TIMEOUT,
          IDLE_IN_TRANSACTION,
          SEARCH_PATH,
          SEQUENCES_MISUSED);

  static DatabaseFacts read(Database database) {
    return database.run(sql -> sql.text(READ).single(DatabaseFacts::of));
  }

  private static DatabaseFacts of(Record row) {
    return new DatabaseFacts(
        row.get(ROLE),
        row.get(STANDBY),
        row.get(VERSION_NUMBER),
        row.get(ENCODING),
        row.get(ISOLATION),
        row.get(SYNCHRONOUS_COMMIT),
        row.get(LOCK_TIMEOUT),
        row.get(STATEMENT_TIMEOUT),
        row.get(IDLE_IN_TRANSACTION),
        row.get(SEARCH_PATH),
        row.get(SEQUENCES_MISUSED));
  }
}
