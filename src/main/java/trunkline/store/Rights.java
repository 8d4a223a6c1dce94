package trunkline.store;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jooq.Field;

/// What the role of an instance may not do and would have to, in words: the statements that mend
/// it.
///
/// What it has to is in `needs.sql`, beside this class; a test runs every statement of the product
/// as a role that has nothing else, and holds `db/role/app.sql` to it.
public final class Rights {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  /// `grant VERBS on [KIND] OBJECTS to trunkline_app;`
  private static final Pattern GRANT =
      Pattern.compile(
          "(?s)\\bgrant ([^;]+?)\\son (schema |sequence |function )?([^;]+?)\\sto trunkline_app;");

  private static final Pattern COMMENT = Pattern.compile("--.*");

  /// A comma that is not between columns.
  private static final Pattern COMMA = Pattern.compile(",\\s*(?![^(]*\\))");

  private static final List<Need> NEEDS = parse(text());

  private static final Field<Integer> PLACE = column("place", INTEGER);
  private static final Field<String> ROLE = column("role", CLOB);
  private static final Field<String> OWNER = column("owner", CLOB);
  private static final Field<String> DATABASE = column("database", CLOB);

  /// From the catalogues, which everybody may read. What does not exist is for the migrations to
  /// say.
  private static final SqlText READ =
      SqlText.of(
          """
          -- pg_class.rights: what the role lacks of all that an instance needs
          SELECT n.place::int AS place, current_user::text AS role, pg_get_userbyid(s.nspowner)::text AS owner,
                 current_database()::text AS database
            FROM unnest(:kinds::text[], :names::text[], :verbs::text[], :columns::text[])
                   WITH ORDINALITY n(kind, name, verb, part, place)
            JOIN pg_namespace s ON s.nspname = 'trunkline'
            LEFT JOIN pg_class c ON n.kind IN ('', 'sequence') AND c.relnamespace = s.oid AND c.relname = n.name
            LEFT JOIN pg_proc p ON n.kind = 'function' AND p.pronamespace = s.oid AND p.proname = n.name
            LEFT JOIN pg_attribute a ON n.part <> '' AND a.attrelid = c.oid AND a.attname = n.part AND NOT a.attisdropped
           WHERE NOT CASE
                   WHEN n.kind = 'schema' THEN has_schema_privilege(s.oid, n.verb)
                   WHEN n.kind = 'function' THEN coalesce(has_function_privilege(p.oid, n.verb), true)
                   WHEN n.kind = 'sequence' THEN coalesce(has_sequence_privilege(c.oid, n.verb), true)
                   WHEN n.part <> '' THEN coalesce(has_column_privilege(c.oid, a.attnum, n.verb), true)
                   ELSE coalesce(has_table_privilege(c.oid, n.verb), true) END
           ORDER BY n.place
          """,
          PLACE,
          ROLE,
          OWNER,
          DATABASE);

  private Rights() {}

  /// One right to one thing.
  ///
  /// @param kind as in a grant; empty for a table or a view
  /// @param part the column, where it is a right to one
  record Need(String kind, String name, String verb, String part) {}

  private record Thing(String kind, String name) {}

  private record Lacking(Need need, String role, String owner, String database) {}

  static List<Need> needs() {
    return NEEDS;
  }

  /// Looks whether the role has all that an instance needs.
  ///
  /// @throws RightMissing naming the statements that grant the rest
  public static void require(Connections connections) {
    try (var line = new DirectConnection(connections, "trunkline-start", ANSWER_MAX)) {
      require(line);
    }
  }

  /// The same on a connection that goes on.
  public static void require(DirectConnection line) {
    line.run(Rights::lacking)
        .ifPresent(lacking -> {
          throw new RightMissing(lacking + " nothing was changed");
        });
  }

  /// A sentence with the statements that grant what the role lacks; empty when it lacks nothing.
  public static Optional<String> lacking(Sql sql) {
    var lacking =
        sql.text(READ)
            .all("kinds", CLOB, NEEDS, Need::kind)
            .all("names", CLOB, NEEDS, Need::name)
            .all("verbs", CLOB, NEEDS, Need::verb)
            .all("columns", CLOB, NEEDS, Need::part)
            .fetch(row ->
                new Lacking(
                    NEEDS.get(row.get(PLACE) - 1),
                    row.get(ROLE),
                    row.get(OWNER),
                    row.get(DATABASE)));
    if (lacking.isEmpty()) {
      return Optional.empty();
    }
    var first = lacking.getFirst();
    return Optional.of(
        "role %s lacks rights in database %s; as %s run db/role/app.sql, or: %s"
            .formatted(
                first.role(),
                first.database(),
                first.owner(),
                grants(lacking.stream().map(Lacking::need).toList(), first.role())));
  }

  /// As few statements as say it.
  private static String grants(List<Need> needs, String role) {
    var verbs =
        needs.stream()
            .collect(
                groupingBy(
                    need -> new Thing(need.kind(), need.name()),
                    LinkedHashMap::new,
                    collectingAndThen(toList(), Rights::verbs)));
    var things =
        verbs.entrySet().stream()
            .collect(
                groupingBy(
                    entry -> "GRANT " + entry.getValue() + on(entry.getKey().kind()),
                    LinkedHashMap::new,
                    mapping(entry -> named(entry.getKey()), joining(", "))));
    return things.entrySet().stream()
        .map(entry -> entry.getKey() + entry.getValue() + " TO " + quoted(role) + ";")
        .collect(joining(" "));
  }

  private static String on(String kind) {
    return " ON " + (kind.isEmpty() ? "" : kind.toUpperCase(Locale.ROOT) + " ");
  }

  private static String named(Thing thing) {
    return thing.kind().equals("schema") ? thing.name() : "trunkline." + thing.name();
  }

  /// `SELECT, UPDATE (id_high, server_started)`.
  private static String verbs(List<Need> needs) {
    return needs.stream()
        .collect(groupingBy(Need::verb, LinkedHashMap::new, mapping(Need::part, joining(", "))))
        .entrySet()
        .stream()
        .map(verb ->
            verb.getKey().toUpperCase(Locale.ROOT)
                + (verb.getValue().isEmpty() ? "" : " (" + verb.getValue() + ")"))
        .collect(joining(", "));
  }

  private static String quoted(String role) {
    return '"' + role.replace("\"", "\"\"") + '"';
  }

  /// What the grants of a file give.
  static List<Need> parse(String file) {
    var needs = new ArrayList<Need>();
    var grants = GRANT.matcher(COMMENT.matcher(file).replaceAll(""));
    while (grants.find()) {
      var kind = Objects.requireNonNullElse(grants.group(2), "").strip();
      for (var object : COMMA.split(grants.group(3).strip(), -1)) {
        var name = object.strip().replace("trunkline.", "");
        for (var verb : COMMA.split(grants.group(1).strip(), -1)) {
          var parts = verb.strip().replace(")", "").split("[ (,]+", -1);
          if (parts.length == 1) {
            needs.add(new Need(kind, name, parts[0], ""));
          }
          for (var i = 1; i < parts.length; i++) {
            needs.add(new Need(kind, name, parts[0], parts[i]));
          }
        }
      }
    }
    return List.copyOf(needs);
  }

  private static String text() {
    try (var file = Rights.class.getResourceAsStream("needs.sql")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
