package trunkline.cli;

import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import trunkline.DatabaseAccess;
import trunkline.access.key.KeyDesk;
import trunkline.access.key.KeyDesk.Expiry;
import trunkline.access.key.KeyDesk.Listed;
import trunkline.config.DatabaseChoice;
import trunkline.config.Refusal;
import trunkline.store.Database;
import trunkline.store.StatementRefused;

/// `./trunkline key`: API keys, issued, listed and revoked. A key that was issued is all that
/// stands on the standard output, so that it can be piped to where it is kept.
final class KeyCommand {
  private static final Pattern VALIDITY = Pattern.compile("([1-9][0-9]{0,4})([smhd])");
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

  /// The statement's name and the SQLSTATE, before the server's sentence.
  private static final Pattern HEADING = Pattern.compile("^key\\.\\w+: \\w+ ");

  private static final JsonMapper JSON = new JsonMapper();

  private KeyCommand() {}

  private sealed interface Order {
    record Issue(String principal, List<String> scopes, Expiry expiry) implements Order {}

    record Revoke(long id) implements Order {}

    record ListAll() implements Order {}
  }

  static int run(CommandLine.Run run, DatabaseChoice choice, PrintStream out, PrintStream err) {
    var order = order(run);
    try (var access = DatabaseAccess.openExisting(choice);
        var database = new Database(access.connections(), "trunkline-key")) {
      return run(order, run.has("--json"), new KeyDesk(database), out, err);
    } catch (StatementRefused e) {
      err.println("trunkline: " + HEADING.matcher(String.valueOf(e.getMessage())).replaceFirst(""));
      return 1;
    }
  }

  private static int run(
      Order order, boolean json, KeyDesk desk, PrintStream out, PrintStream err) {
    switch (order) {
      case Order.Issue(var principal, var scopes, var expiry) -> {
        var key = desk.issue(principal, scopes, expiry);
        out.println(key);
        err.printf(
            "Key %s of %s; nobody can look it up again. Ends with: ./trunkline key revoke %1$s%n",
            key.split("_", 3)[1], principal);
      }
      case Order.Revoke(var id) -> {
        if (!desk.revoke(id)) {
          err.println("trunkline: there is no key " + id + " that is not revoked");
          return 1;
        }
        out.println("Key " + id + " is revoked.");
      }
      case Order.ListAll _ -> print(desk.list(), json, out);
    }
    return 0;
  }

  private static Order order(CommandLine.Run run) {
    var words = run.words();
    var verb = words.isEmpty() ? "" : words.getFirst();
    var order =
        switch (verb) {
          case "issue" -> new Order.Issue(operand(words, "PRINCIPAL"), scopes(run), expiry(run));
          case "revoke" -> new Order.Revoke(id(operand(words, "NUMBER")));
          case "list" -> new Order.ListAll();
          default ->
              throw new Refusal("key takes issue, list or revoke: see ./trunkline key --help");
        };
    if (words.size() > (verb.equals("list") ? 1 : 2)) {
      throw new Refusal("key " + verb + " does not take '" + words.getLast() + "'");
    }
    var ofIssue = run.has("--scopes") || run.has("--expires");
    if (ofIssue && !verb.equals("issue")) {
      throw new Refusal("--scopes and --expires are for key issue");
    }
    if (run.has("--json") && !verb.equals("list")) {
      throw new Refusal("--json is for key list");
    }
    return order;
  }

  private static String operand(List<String> words, String name) {
    if (words.size() < 2) {
      throw new Refusal("key " + words.getFirst() + " needs a " + name);
    }
    return words.get(1);
  }

  private static long id(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new Refusal("a key's number is what key list shows, not '" + text + "'");
    }
    return Long.parseLong(text);
  }

  private static List<String> scopes(CommandLine.Run run) {
    var spelled = run.switches().getOrDefault("--scopes", "").strip();
    return spelled.isEmpty() ? List.of() : List.of(spelled.split("[\\s,]+"));
  }

  private static Expiry expiry(CommandLine.Run run) {
    if (!run.has("--expires")) {
      return new Expiry.Never();
    }
    var text = run.switches().getOrDefault("--expires", "");
    var validity = VALIDITY.matcher(text);
    if (validity.matches()) {
      var number = Long.parseLong(validity.group(1));
      return new Expiry.After(
          switch (validity.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          });
    }
    try {
      return new Expiry.At(Instant.parse(text));
    } catch (DateTimeException e) {
      throw new Refusal(
          "--expires "
              + text
              + ": so long from now, as 90d or 12h, or a time, as"
              + " 2027-12-31T00:00:00Z",
          e);
    }
  }

  private static void print(List<Listed> keys, boolean json, PrintStream out) {
    if (!json) {
      table(keys).print(out);
      return;
    }
    for (var key : keys) {
      var line = JSON.createObjectNode().put("id", key.id()).put("principal", key.principal());
      var scopes = line.putArray("scopes");
      key.scopes().forEach(scopes::add);
      line.put("created_at", key.created().toString());
      key.expires().ifPresent(time -> line.put("expires_at", time.toString()));
      key.revoked().ifPresent(time -> line.put("revoked_at", time.toString()));
      key.used().ifPresent(time -> line.put("last_used_at", time.toString()));
      out.println(line.put("state", key.state()));
    }
  }

  private static SqlTable table(List<Listed> keys) {
    return new SqlTable(
        List.of(
            new SqlTable.Column("key", true),
            new SqlTable.Column("principal", false),
            new SqlTable.Column("scopes", false),
            new SqlTable.Column("created", false),
            new SqlTable.Column("expires", false),
            new SqlTable.Column("last used", false),
            new SqlTable.Column("state", false)),
        keys.stream()
            .map(key ->
                List.of(
                    Long.toString(key.id()),
                    key.principal(),
                    String.join(" ", key.scopes()),
                    key.created().toString(),
                    key.expires().map(Instant::toString).orElse("never"),
                    key.used().map(Instant::toString).orElse("never"),
                    key.state()))
            .toList());
  }
}
