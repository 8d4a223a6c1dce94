package trunkline.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;
import trunkline.DatabaseAccess;
import trunkline.config.DatabaseChoice;
import trunkline.config.Refusal;
import trunkline.config.TextFile;
import trunkline.store.ConnectionReason;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.FileReason;

/// `./trunkline sql`: the little of psql that an operator needs, since the embedded PostgreSQL has
/// none. Each statement is its own transaction unless the text says `begin`.
final class SqlCommand {
  private static final int ROWS_MAX = 10_000;
  private static final Set<String> COUNTED = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");

  /// What names of files seldom have, and queries do.
  private static final Pattern BLANK = Pattern.compile("\\s");

  /// PostgreSQL's own names first, which need not be said, then Trunkline's. Not `public`, where
  /// everybody may create in an older database: a stranger's function or operator whose types fit
  /// better would be meant, with the operator's rights.
  private static final String NO_STRANGERS = "SET search_path = trunkline, pg_temp";

  private static final Pattern COMMENTS = Pattern.compile("^(\\s+|--.*\\R?|/\\*(?s:.*?)\\*/)*");

  private SqlCommand() {}

  static int run(CommandLine.Run run, DatabaseChoice choice, PrintStream out, PrintStream err) {
    var text = text(run, err);
    try (var access = DatabaseAccess.openExisting(choice);
        var connection = access.connections().unhurried("trunkline-sql").getConnection()) {
      return run(text, connection, out, err);
    } catch (SQLException e) {
      throw new DatabaseUnavailable("cannot use the database: " + ConnectionReason.of(e), e);
    }
  }

  static int run(String text, Connection connection, PrintStream out, PrintStream err)
      throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(NO_STRANGERS);
      statement.setMaxRows(ROWS_MAX);
      for (var query : statements(text)) {
        try {
          print(statement, query.nativeSql.strip(), out, err);
        } catch (SQLException e) {
          err.println(String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " | "));
          return 1;
        }
      }
      return 0;
    }
  }

  /// The driver's own parser: it knows quotes, dollar quotes, comments and SQL function bodies.
  private static List<NativeQuery> statements(String text) throws SQLException {
    return Parser.parseJdbcSql(text, true, false, true, false, true);
  }

  private static void print(Statement statement, String query, PrintStream out, PrintStream err)
      throws SQLException {
    var hasRows = statement.execute(query);
    for (var warning = statement.getWarnings();
        warning != null;
        warning = warning.getNextWarning()) {
      err.println(warning.getMessage());
    }
    statement.clearWarnings();
    if (hasRows) {
      try (var rows = statement.getResultSet()) {
        SqlTable.read(rows).print(out);
      }
      return;
    }
    var verb = verb(query);
    out.println(COUNTED.contains(verb) ? verb + " " + statement.getUpdateCount() : verb);
  }

  private static String verb(String query) {
    var bare = COMMENTS.matcher(query).replaceFirst("");
    return bare.split("\\W", 2)[0].toUpperCase(Locale.ROOT);
  }

  @SuppressWarnings("SystemConsoleNull") // since Java 25 it is null again without a terminal
  private static String text(CommandLine.Run run, PrintStream err) {
    if (run.query().isPresent()) {
      return run.query().get();
    }
    if (run.file().isPresent()) {
      return file(run.file().get());
    }
    try {
      var console = System.console();
      if (console != null && console.isTerminal()) {
        err.println("Reading SQL until ctrl-D.");
      }
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Refusal("cannot read the standard input: " + FileReason.of(e), e);
    }
  }

  private static String file(String name) {
    try {
      return TextFile.read("", name);
    } catch (Refusal e) {
      var query = BLANK.matcher(name).find() ? "; a query is given as -c QUERY" : "";
      throw new Refusal(e.getMessage() + query, e);
    }
  }
}
