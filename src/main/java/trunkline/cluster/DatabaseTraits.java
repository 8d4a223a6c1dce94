package trunkline.cluster;

import static trunkline.cluster.DatabaseTrait.doubtful;
import static trunkline.cluster.DatabaseTrait.fit;
import static trunkline.cluster.DatabaseTrait.unfit;

import java.util.List;

/// What the facts about a database mean for an instance, and what to do about them.
final class DatabaseTraits {
  private static final int VERSION_MIN = 150_000;
  private static final long LOCK_TIMEOUT_MILLIS_MAX = 1_000;
  private static final String NO_STRANGERS = "pg_catalog, pg_temp";

  private DatabaseTraits() {}

  /// Everything, also what is well.
  static List<DatabaseTrait> of(DatabaseFacts facts) {
    return List.of(
        primary(facts),
        version(facts),
        encoding(facts),
        isolation(facts),
        synchronousCommit(facts),
        sequences(facts),
        statementTimeout(facts),
        lockTimeout(facts),
        idleInTransaction(facts),
        searchPath(facts));
  }

  private static DatabaseTrait primary(DatabaseFacts facts) {
    return facts.standby()
        ? unfit("primary", "it is a standby", "connect to the primary")
        : fit("primary", "it is the primary");
  }

  private static DatabaseTrait version(DatabaseFacts facts) {
    var version =
        "its version is %d.%d"
            .formatted(facts.versionNumber() / 10_000, facts.versionNumber() % 10_000);
    return facts.versionNumber() < VERSION_MIN
        ? unfit("version", version, "15 or newer is needed")
        : fit("version", version);
  }

  private static DatabaseTrait encoding(DatabaseFacts facts) {
    var encoding = "its encoding is " + facts.encoding();
    return facts.encoding().equals("UTF8")
        ? fit("encoding", encoding)
        : unfit("encoding", encoding, "create it with ENCODING 'UTF8'");
  }

  private static DatabaseTrait isolation(DatabaseFacts facts) {
    var isolation = "its default isolation is " + facts.isolation();
    return facts.isolation().equals("read committed")
        ? fit("isolation", isolation)
        : unfit(
            "isolation", isolation, set(facts, "default_transaction_isolation = 'read committed'"));
  }

  private static DatabaseTrait synchronousCommit(DatabaseFacts facts) {
    return facts.synchronousCommit().equals("off")
        ? unfit(
            "synchronous_commit",
            "synchronous_commit is off, so what was acknowledged can be lost",
            set(facts, "synchronous_commit = 'on'"))
        : fit("synchronous_commit", "synchronous_commit is " + facts.synchronousCommit());
  }

  private static DatabaseTrait sequences(DatabaseFacts facts) {
    return facts.sequencesMisused().isEmpty()
        ? fit("sequences", "they hand out numbers in order")
        : unfit(
            "sequences",
            facts.sequencesMisused() + " must hand out numbers in order",
            "for each ALTER SEQUENCE ... INCREMENT 1 CACHE 1 NO CYCLE");
  }

  private static DatabaseTrait statementTimeout(DatabaseFacts facts) {
    var timeout = facts.statementTimeoutMillis();
    return timeout == 0
        ? fit("statement_timeout", "statement_timeout is off")
        : unfit(
            "statement_timeout",
            "statement_timeout is %d ms, which can report an unreplicated commit as done"
                .formatted(timeout),
            set(facts, "statement_timeout = 0"));
  }

  /// A transaction pooler loses what a session SETs; the role keeps it.
  private static DatabaseTrait lockTimeout(DatabaseFacts facts) {
    var timeout = facts.lockTimeoutMillis();
    return timeout == 0 || timeout > LOCK_TIMEOUT_MILLIS_MAX
        ? doubtful(
            "lock_timeout",
            "lock_timeout is %d ms in the pool, so one locked row stalls many streams"
                .formatted(timeout),
            set(facts, "lock_timeout = '200ms'"))
        : fit("lock_timeout", "lock_timeout is " + timeout + " ms");
  }

  private static DatabaseTrait idleInTransaction(DatabaseFacts facts) {
    var timeout = facts.idleInTransactionMillis();
    return timeout == 0
        ? doubtful(
            "idle_in_transaction",
            "idle_in_transaction_session_timeout is off in the pool, so a frozen client can hold locks",
            set(facts, "idle_in_transaction_session_timeout = '5s'"))
        : fit("idle_in_transaction", "idle_in_transaction_session_timeout is " + timeout + " ms");
  }

  private static DatabaseTrait searchPath(DatabaseFacts facts) {
    return facts.searchPath().equals(NO_STRANGERS)
        ? fit("search_path", "search_path is " + NO_STRANGERS)
        : doubtful(
            "search_path",
            "search_path is '%s' in the pool, so what others created there may be meant"
                .formatted(facts.searchPath()),
            set(facts, "search_path = " + NO_STRANGERS));
  }

  private static String set(DatabaseFacts facts, String setting) {
    return "ALTER ROLE \"%s\" SET %s".formatted(facts.role().replace("\"", "\"\""), setting);
  }
}
