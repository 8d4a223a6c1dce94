package trunkline.cluster;

import static trunkline.store.Database.sql;

import java.sql.Connection;
import java.util.Objects;

/// What a connection of the pool says about the server and its own settings.
///
/// @param sequencesMisused sequences whose order of numbers is not the order of drawing
record DatabaseFacts(
    boolean standby,
    int versionNumber,
    String encoding,
    String isolation,
    String synchronousCommit,
    long lockTimeoutMillis,
    long statementTimeoutMillis,
    long idleInTransactionMillis,
    String sequencesMisused) {

  private static final String READ =
      """
      -- database.inspect: through the pool, since that is where settings get lost
      select pg_is_in_recovery() as standby,
             current_setting('server_version_num')::int as version_number,
             current_setting('server_encoding') as encoding,
             current_setting('transaction_isolation') as isolation,
             current_setting('synchronous_commit') as synchronous_commit,
             (select setting::bigint from pg_settings where name = 'lock_timeout') as lock_timeout,
             (select setting::bigint from pg_settings where name = 'statement_timeout') as statement_timeout,
             (select setting::bigint from pg_settings
               where name = 'idle_in_transaction_session_timeout') as idle_in_transaction,
             (select coalesce(string_agg(s.seqrelid::regclass::text, ', ' order by s.seqrelid), '')
                from pg_sequence s
               where s.seqrelid in ('trunkline.event_seq'::regclass, 'trunkline.announcement_seq'::regclass)
                 and (s.seqcache <> 1 or s.seqincrement <> 1 or s.seqcycle)) as sequences_misused
      """;

  static DatabaseFacts read(Connection connection) {
    var row = sql(connection).fetchSingle(READ);
    return new DatabaseFacts(
        Objects.requireNonNull(row.get("standby", Boolean.class)),
        Objects.requireNonNull(row.get("version_number", Integer.class)),
        Objects.requireNonNull(row.get("encoding", String.class)),
        Objects.requireNonNull(row.get("isolation", String.class)),
        Objects.requireNonNull(row.get("synchronous_commit", String.class)),
        Objects.requireNonNull(row.get("lock_timeout", Long.class)),
        Objects.requireNonNull(row.get("statement_timeout", Long.class)),
        Objects.requireNonNull(row.get("idle_in_transaction", Long.class)),
        Objects.requireNonNull(row.get("sequences_misused", String.class)));
  }
}
