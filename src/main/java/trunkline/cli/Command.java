package trunkline.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import trunkline.config.Option;

/// The commands of `./trunkline`.
enum Command {
  SERVE(
      "[OPTION...] [--stdio]",
      "Runs an instance; the command when none is named. Started again with another --port it is"
          + " a second instance on the same database. --stdio serves the one client that started it, a"
          + " message a line on the standard input and output, and no port: it ends with its input."),
  MIGRATE(
      "[OPTION...] [--dry-run | --print | --restored]",
      "Brings the database schema up to date, over the direct URL. --dry-run only says which migrations"
          + " would run and whether instances may serve meanwhile; --print writes them as one SQL script,"
          + " history included, for a change board to read and psql or ./trunkline sql to run: both run"
          + " nothing. --restored says that the database"
          + " was set back to an earlier time in a way that nobody can see, such as a snapshot of its"
          + " disk: ids go on elsewhere, instances register anew, and clients are told of the gap."),
  SQL(
      "[OPTION...] [-c QUERY | FILE]",
      "Runs SQL on the database and prints what it answers; without QUERY and FILE from the"
          + " standard input. Stops at the first error. Names without a schema are PostgreSQL's and"
          + " Trunkline's; what is elsewhere needs its schema's (public.f()), or a statement before:"
          + " set search_path = trunkline, public."),
  DOCTOR(
      "[OPTION...] [--json]",
      "Looks at the database and the cluster as an instance with these options would meet them, says"
          + " what is wrong and what to do about it, and changes nothing: schema, rights, settings, server,"
          + " wake path, clock, file descriptors, connections, instances, slots and who blocks them."
          + " Costs a few short queries; only rows whose CHECK was never validated are read. Ends with 0"
          + " when nothing has to be done, with 1 when there is a warning or a fault, with 2 when not"
          + " everything could be looked at."),
  STATUS(
      "[OPTION...] [--watch[=SECONDS]] [--json]",
      "Says what there is: instances, sessions, streams, calls, questions, tasks, what waits, what"
          + " nobody has read, the oldest of it, slots and sizes, faults at a glance; with --watch again"
          + " every 2 seconds, or so many, with rates. As trunkline_reader without what only trunkline_app"
          + " may see. Costs thirteen short queries a look; those that count streams, sessions and unread"
          + " messages grow with their number, and none runs for longer than 2 seconds."),
  KEY(
      "issue PRINCIPAL [--scopes=\"A B\"] [--expires=90d|TIME] | list [--json] | revoke NUMBER"
          + " [OPTION...]",
      "Issues, lists and revokes API keys, which let their bearers in where --api-keys is on. A key that"
          + " is issued is printed alone, this one time, and never expires where no time is given; only"
          + " its SHA-256 is kept. A revoked one is refused by every instance within a second, and the"
          + " streams that were opened with it end. As SQL: trunkline.issue_key, revoke_key, the view"
          + " key_directory."),
  CONNECT(
      "[OPTION...] [--url=URL]",
      "Says how Claude Code, VS Code, Cursor, Inspector, mcp-remote and the SDKs for TypeScript and Java"
          + " connect, a few lines each, to be copied: what a browser is told at the server's own address."
          + " To URL, else to --public-url, else to where serve would listen with these options. Asks"
          + " neither the database nor the server."),
  STOP(
      "[OPTION...]", "Stops an embedded PostgreSQL that nobody uses any more, as after a kill -9."),
  TEST(
      "[--postgres 15|16|17|18] [MAVEN-ARGUMENT...]",
      "Runs the whole test suite (in a source checkout), on the embedded PostgreSQL of that major"
          + " version where none is given and no Docker engine answers."),
  DEMO(
      "[--poll-only]",
      "Kills, freezes, drains and cuts three instances and PostgreSQL under clients within a minute,"
          + " says what it does, and checks what the clients got (in a source checkout)."),
  CHAOS(
      "[--minutes M] [--seed S] [--poll-only] [--plant BUG]",
      "The same for as long as you like, with faults and calls drawn from a seed (in a source"
          + " checkout)."),
  BENCH(
      "[--quick] [--peers | --growth | --hours=N] [--only=ROW,...] [--json=FILE]"
          + " [--database-url=URL ...]",
      "Measures the server beside the least that any program on this machine would need, in one run,"
          + " and prints the ratios (in a source checkout).");

  /// Says what the options are, and does nothing else.
  static final String PRINT_CONFIG = "--print-config";

  private final String syntax;
  private final String summary;

  Command(String syntax, String summary) {
    this.syntax = syntax;
    this.summary = summary;
  }

  /// The word as typed.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The arguments after the word.
  String syntax() {
    return syntax;
  }

  String summary() {
    return summary;
  }

  /// The options on the command line; the environment and the file may hold any.
  Set<Option> options() {
    return switch (this) {
      case SERVE -> EnumSet.allOf(Option.class);
      case DOCTOR ->
          EnumSet.of(
              Option.DATABASE_URL,
              Option.DATABASE_URL_FILE,
              Option.DATABASE_DIRECT_URL,
              Option.DATABASE_DIRECT_URL_FILE,
              Option.DATABASE_USER,
              Option.DATABASE_PASSWORD,
              Option.DATABASE_PASSWORD_FILE,
              Option.DATABASE_POOL_SIZE,
              Option.DATA,
              Option.LOG_LEVEL,
              Option.CONFIG);
      case MIGRATE, SQL, STATUS, KEY ->
          EnumSet.of(
              Option.DATABASE_URL,
              Option.DATABASE_URL_FILE,
              Option.DATABASE_DIRECT_URL,
              Option.DATABASE_DIRECT_URL_FILE,
              Option.DATABASE_USER,
              Option.DATABASE_PASSWORD,
              Option.DATABASE_PASSWORD_FILE,
              Option.DATA,
              Option.LOG_LEVEL,
              Option.CONFIG);
      case CONNECT ->
          EnumSet.of(
              Option.HOST,
              Option.PORT,
              Option.PUBLIC_URL,
              Option.TLS_CERTIFICATE,
              Option.TLS_KEY,
              Option.SERVER_NAME,
              Option.BEARER_TOKENS_FILE,
              Option.API_KEYS,
              Option.CONFIG);
      case STOP -> EnumSet.of(Option.DATA, Option.CONFIG);
      case TEST, DEMO, CHAOS, BENCH -> EnumSet.noneOf(Option.class);
    };
  }

  /// What only this command knows, on the command line alone.
  Set<String> switches() {
    return switch (this) {
      case MIGRATE -> Set.of(PRINT_CONFIG, "--restored", "--dry-run", "--print");
      case DOCTOR -> Set.of(PRINT_CONFIG, "--json");
      case STATUS -> Set.of(PRINT_CONFIG, "--watch", "--json");
      case KEY -> Set.of(PRINT_CONFIG, "--scopes", "--expires", "--json");
      case SERVE -> Set.of(PRINT_CONFIG, "--stdio");
      case CONNECT -> Set.of(PRINT_CONFIG, "--url");
      case SQL, STOP -> Set.of(PRINT_CONFIG);
      case TEST, DEMO, CHAOS, BENCH -> Set.of();
    };
  }

  /// Whether a switch may have a value, after `=`.
  boolean takesValue(String name) {
    return (this == STATUS && name.equals("--watch")) || needsValue(name);
  }

  /// Whether a switch must have a value, after `=` or as the next argument.
  boolean needsValue(String name) {
    return switch (this) {
      case KEY -> name.equals("--scopes") || name.equals("--expires");
      case CONNECT -> name.equals("--url");
      default -> false;
    };
  }

  static Optional<Command> find(String word) {
    return Stream.of(values()).filter(command -> command.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return Stream.of(values()).map(Command::word).toList();
  }
}
