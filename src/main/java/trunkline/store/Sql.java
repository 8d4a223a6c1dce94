package trunkline.store;

import java.sql.Connection;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.ExecuteListener;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderNameCase;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultConnectionProvider;
import org.jooq.impl.DefaultExecuteListenerProvider;

/// jOOQ over one connection. Every statement has a name, shown in `pg_stat_activity`.
public final class Sql {
  static final Configuration SHARED =
      new DefaultConfiguration()
          .set(SQLDialect.POSTGRES)
          .set(
              new Settings()
                  .withExecuteLogging(false)
                  .withCacheRecordMappers(false)
                  .withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED)
                  .withRenderNameCase(RenderNameCase.AS_IS));

  static {
    sayNothingOfItself();
  }

  private final Connection connection;
  private String running = "no statement";

  Sql(Connection connection) {
    this.connection = connection;
  }

  /// The context for one statement in jOOQ's DSL.
  ///
  /// @param heading `table.verb: why`, as the first line of a text has it
  public DSLContext named(String heading) {
    return DSL.using(routine(heading));
  }

  /// The configuration for one call of a generated routine.
  ///
  /// @param heading as above
  public Configuration routine(String heading) {
    running = heading;
    var comment = "-- " + heading + "\n";
    return SHARED
        .derive(new DefaultConnectionProvider(connection))
        .derive(
            new DefaultExecuteListenerProvider(
                ExecuteListener.onRenderEnd(
                    execution -> execution.sql(comment + execution.sql()))));
  }

  /// The binding of a statement written as text.
  public BoundText text(SqlText text) {
    running = text.heading();
    return new BoundText(connection, text);
  }

  /// The name of the latest statement, `table.verb`: what a failure names.
  String running() {
    var end = running.indexOf(':');
    return end < 0 ? running : running.substring(0, end);
  }

  /// jOOQ greets whoever uses it and gives a tip, in the log of the program that embeds us. It
  /// reads this once, when it renders its first statement; what the program itself chose stays.
  private static void sayNothingOfItself() {
    for (var switched : List.of("org.jooq.no-logo", "org.jooq.no-tips")) {
      System.getProperties().putIfAbsent(switched, "true");
    }
  }
}
