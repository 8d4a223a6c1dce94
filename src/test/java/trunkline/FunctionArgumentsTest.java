package trunkline;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: who calls a function of the schema with an argument that makes no sense reads a sentence
/// about it. Method: each function × each of its parameters × what its type allows and nobody
/// means, called as the role that serves and undone.
class FunctionArgumentsTest {
  private static final String APP = "trunkline_app";

  /// What instances call to insert a row that SQL callers cannot: the checks of the table answer.
  private static final Set<String> ROWS = Set.of("announce_now", "open_session", "open_sessions");

  private static final String NULL = "null";

  /// By type: what does little, then what nobody means.
  private static final Map<String, List<String>> VALUES =
      Map.ofEntries(
          Map.entry("boolean", List.of("false", NULL)),
          Map.entry("integer", List.of("1", NULL, "-1", "0", "99", "2147483647", "-2147483648")),
          Map.entry(
              "bigint",
              List.of("1", NULL, "-1", "0", "9223372036854775807", "-9223372036854775808")),
          Map.entry(
              "text",
              List.of(
                  "'x'", NULL, "''", "'; drop table x'", "repeat('x', 100000)", "E'\\n\\u2028'")),
          Map.entry(
              "interval",
              List.of(
                  "interval '1 hour'", NULL, "interval '-1 day'", "interval '170000000 years'")),
          Map.entry(
              "json", List.of("json '1'", NULL, "json '{}'", "json 'null'", "json '1e999999'")),
          Map.entry(
              "timestamp with time zone",
              List.of("(now() + interval '1 day')", NULL, "timestamptz '-infinity'", "now()")),
          Map.entry("bytea", List.of("'{}'::bytea", NULL, "''::bytea", "'\\x0a'::bytea")),
          Map.entry("text[]", List.of("'{x}'::text[]", NULL, "'{}'::text[]", "'{null}'::text[]")),
          Map.entry(
              "integer[]",
              List.of("'{1}'::int[]", NULL, "'{}'::int[]", "'{null}'::int[]", "'{-1}'::int[]")),
          Map.entry(
              "bytea[]",
              List.of("array[''::bytea]", NULL, "'{}'::bytea[]", "array[null]::bytea[]")),
          Map.entry(
              "bigint[]",
              List.of("'{1}'::bigint[]", NULL, "'{}'::bigint[]", "'{null}'::bigint[]")));

  private record Function(String name, List<String> types) {
    /// The call with one argument that nobody means.
    String call(int at, String bad) {
      var arguments = new ArrayList<String>();
      for (var i = 0; i < types.size(); i++) {
        arguments.add(i == at ? bad : values(types.get(i)).getFirst() + "::" + types.get(i));
      }
      return "select * from trunkline." + name + "(" + String.join(", ", arguments) + ")";
    }
  }

  private final TestDatabase db;

  FunctionArgumentsTest(TestDatabase db) {
    this.db = db;
  }

  @Test
  void whoever_calls_with_a_senseless_argument_reads_a_sentence() throws SQLException {
    try (var roles = new TestRoles(db).apply("app");
        var connection = roles.open(APP)) {
      connection.setAutoCommit(false);
      var wrong = new ArrayList<String>();
      var tried = 0;
      for (var function : functions(roles)) {
        for (var at = 0; at < function.types().size(); at++) {
          var type = function.types().get(at);
          for (var bad : values(type).subList(1, values(type).size())) {
            tried++;
            complaint(connection, function, at, bad + "::" + type).ifPresent(wrong::add);
          }
        }
      }
      assertThat(tried).isGreaterThan(200);
      assertThat(wrong).isEmpty();
    }
  }

  /// What is not a sentence for the caller; empty when it is one, or when it just works.
  private static Optional<String> complaint(
      Connection connection, Function function, int at, String bad) throws SQLException {
    var call = function.call(at, bad);
    try {
      TestDatabase.run(connection, call);
      return Optional.empty();
    } catch (SQLException e) {
      var state = String.valueOf(e.getSQLState());
      return state.startsWith("22")
              || state.equals("P0001")
              || (ROWS.contains(function.name()) && state.startsWith("23"))
          ? Optional.empty()
          : Optional.of(
              call
                  + " → "
                  + state
                  + " "
                  + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    } finally {
      connection.rollback();
    }
  }

  private static List<String> values(String type) {
    return Objects.requireNonNull(VALUES.get(type), "no values for the type " + type);
  }

  private List<Function> functions(TestRoles roles) {
    return db
        .sql(
            """
            select proname as name, coalesce((select string_agg(format_type(a, null), ',' order by n)
                     from unnest(proargtypes) with ordinality t(a, n)), '') as types
              from pg_proc
             where pronamespace = 'trunkline'::regnamespace and has_function_privilege(?, oid, 'execute')
             order by 1
            """,
            roles.name(APP))
        .rows()
        .stream()
        .map(row ->
            new Function(
                String.valueOf(row.get("name")),
                Arrays.stream(String.valueOf(row.get("types")).split(",", -1))
                    .filter(type -> !type.isEmpty())
                    .toList()))
        .toList();
  }
}
