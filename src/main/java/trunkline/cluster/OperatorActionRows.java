package trunkline.cluster;

import static trunkline.cluster.OperatorActionsTable.OPERATOR_ACTIONS;

import java.time.Duration;
import java.util.List;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;
import trunkline.telemetry.ServerEvent.OperatorActed;

/// Reads and marks `operator_actions`, which only functions of the migrations fill.
final class OperatorActionRows {
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(1));

  private static final Field<String> FROM = SqlText.column("from_address", SQLDataType.CLOB);

  private static final SqlText TELL =
      SqlText.of(
          """
          -- operator_actions.tell: each by one instance; a round whose answer was lost finds its own again
          WITH again AS MATERIALIZED (
                 SELECT * FROM trunkline.operator_actions
                  WHERE told_by = :told_by AND told_round = :told_round),
               told AS (
                 UPDATE trunkline.operator_actions SET told_by = :told_by, told_round = :told_round
                  WHERE action_id IN (SELECT action_id FROM trunkline.operator_actions
                                       WHERE told_by IS NULL
                                       ORDER BY action_id LIMIT :rows_max FOR UPDATE SKIP LOCKED)
                 RETURNING *)
          SELECT action, about, by_user, application_name, acted_at,
                 coalesce(host(client_addr), 'local') AS from_address
            FROM (SELECT * FROM again UNION ALL SELECT * FROM told) a ORDER BY action_id
          """,
          OPERATOR_ACTIONS.ACTION,
          OPERATOR_ACTIONS.ABOUT,
          OPERATOR_ACTIONS.BY_USER,
          OPERATOR_ACTIONS.APPLICATION_NAME,
          OPERATOR_ACTIONS.ACTED_AT,
          FROM);

  private final Database database;

  OperatorActionRows(Database database) {
    this.database = database;
  }

  /// Takes what nobody has told yet, the oldest first.
  ///
  /// @param round positive, another one after each answer that arrived
  List<OperatorActed> tell(InstanceId self, long round, int rowsMax) {
    return database.run(sql ->
        sql.text(TELL)
            .set(OPERATOR_ACTIONS.TOLD_BY, self)
            .set(OPERATOR_ACTIONS.TOLD_ROUND, round)
            .set("rows_max", rowsMax)
            .fetch(row ->
                new OperatorActed(
                    row.get(OPERATOR_ACTIONS.ACTION),
                    row.get(OPERATOR_ACTIONS.ABOUT),
                    row.get(OPERATOR_ACTIONS.BY_USER),
                    row.get(OPERATOR_ACTIONS.APPLICATION_NAME),
                    row.get(FROM),
                    row.get(OPERATOR_ACTIONS.ACTED_AT).toString())));
  }

  int forget(int rowsMax) {
    var heading = "operator_actions.forget: a month later";
    var removed =
        PATIENCE.run(
            database, sql -> Routines.forgetOperatorActions(sql.routine(heading), rowsMax));
    return removed == null ? 0 : removed;
  }
}
