package trunkline;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Every option there is: its name, what its value looks like, its default, and what it does.
///
/// One name in three spellings: `--poll-only` on the command line, `TRUNKLINE_POLL_ONLY` in the
/// environment, `poll-only` in a configuration file.
enum Option {
  HOST(
      Group.LISTENING,
      "ADDRESS",
      "localhost",
      "Address to listen on. localhost means 127.0.0.1 and ::1; 0.0.0.0 every interface."),
  PORT(Group.LISTENING, "NUMBER", "8080", "TCP port, 0 for a free one."),
  ADVERTISE(
      Group.LISTENING,
      "URL",
      "",
      "URL under which this very instance is reachable, shown in the instance directory."
          + " Default: made of host and port."),
  ALLOWED_HOSTS(
      Group.LISTENING,
      "NAMES",
      "",
      "Host headers accepted besides localhost and the hosts of --host and --advertise,"
          + " comma-separated: name, name:port, or * for any."),
  ALLOWED_ORIGINS(
      Group.LISTENING,
      "ORIGINS",
      "",
      "Origin headers accepted from browsers besides those of allowed hosts, comma-separated:"
          + " https://name[:port], or * for any."),
  BODY_BYTES_MAX(
      Group.LISTENING, "SIZE", "4m", "Largest request body, in bytes; k and m multiply by 1024."),
  REQUEST_TIMEOUT(
      Group.LISTENING,
      "DURATION",
      "60s",
      "How long a tool waits for a client's answer unless it says otherwise."),
  DATABASE_URL(
      Group.DATABASE,
      "URL",
      "embedded",
      "embedded: a PostgreSQL of its own below --data; or jdbc:postgresql://host:5432/name with any"
          + " parameter of the PostgreSQL driver (sslmode=verify-full, ...)."),
  DATABASE_DIRECT_URL(
      Group.DATABASE,
      "URL",
      "",
      "The same database past a transaction pooler such as PgBouncer, for LISTEN, heartbeat and"
          + " migration. Default: --database-url. If it differs, the pool prepares no statements"
          + " unless --database-url says prepareThreshold itself."),
  DATABASE_USER(
      Group.DATABASE, "ROLE", "", "Database role. Default: the URL's user, else trunkline."),
  DATABASE_PASSWORD(
      Group.DATABASE,
      "PASSWORD",
      "",
      "Password of the role. Better given in a file: others can read a command line."),
  DATABASE_PASSWORD_FILE(
      Group.DATABASE,
      "FILE",
      "",
      "File with the password; read at each new connection, so it may be rotated."),
  DATABASE_POOL_SIZE(
      Group.DATABASE, "NUMBER", "10", "Connections of the pool, 4 to 200. Two more are direct."),
  DATA(Group.DATABASE, "FOLDER", ".trunkline", "Where the embedded PostgreSQL lives."),
  POLL_ONLY(
      Group.DATABASE,
      "",
      "false",
      "Do without LISTEN/NOTIFY: everything works, only slower by a poll interval."),
  REQUIRE_NOTIFY(
      Group.DATABASE,
      "",
      "false",
      "Refuse to start when notifications do not arrive, instead of polling."),
  FEATURES(
      Group.SERVING,
      "NAMES",
      "sample",
      "What to serve: names of catalogs on the class path, or paths of jar files, comma-separated."),
  SESSION_IDLE_TIMEOUT(
      Group.SERVING, "DURATION", "30m", "A session ends when it was not used for so long."),
  SESSION_LIFETIME_MAX(
      Group.SERVING, "DURATION", "24h", "A session ends at the latest after this."),
  HISTORY_MESSAGES_MAX(
      Group.SERVING, "NUMBER", "1000", "Messages of a stream kept for clients that reconnect."),
  HISTORY_AGE_MAX(
      Group.SERVING, "DURATION", "1h", "How long a message is kept for clients that reconnect."),
  KEEP_ALIVE(
      Group.SERVING,
      "DURATION",
      "15s",
      "Longest silence on a stream; a vanished client is noticed within this."),
  LEASE(
      Group.SERVING,
      "DURATION",
      "10s",
      "How long an instance may be silent before the others declare it dead; the same on all."),
  ANNOUNCE_CONNECTIONS(
      Group.SERVING,
      "",
      "false",
      "NOTIFY trunkline_connections whenever a stream opens or closes."),
  SESSIONS_MAX(Group.LIMITS, "NUMBER", "50000", "Living sessions in the cluster."),
  PRINCIPAL_SESSIONS_MAX(
      Group.LIMITS,
      "NUMBER",
      "1000",
      "Living sessions of one principal; anonymous clients are exempt."),
  SESSION_CALLS_MAX(
      Group.LIMITS, "NUMBER", "256", "Calls of one session that an instance runs at a time."),
  SESSION_STREAMS_MAX(
      Group.LIMITS,
      "NUMBER",
      "256",
      "Calls of one session that are streams at a time, in the cluster."),
  SESSION_CONNECTIONS_MAX(
      Group.LIMITS,
      "NUMBER",
      "3",
      "Connections of one session to an instance: the one that gets the messages and those that"
          + " it replaced, which stay open in silence; beyond, the oldest is closed."),
  SESSION_QUESTIONS_MAX(
      Group.LIMITS,
      "NUMBER",
      "64",
      "Questions of an instance that one session's client has not answered yet."),
  CALLS_MAX(
      Group.LIMITS, "NUMBER", "10000", "Calls that an instance runs at a time, and tasks besides."),
  SESSION_TASKS_MAX(Group.LIMITS, "NUMBER", "100", "Unfinished tasks of one session."),
  TASK_TTL_MAX(
      Group.LIMITS,
      "DURATION",
      "24h",
      "How long a task and its result are kept at most, from its creation; 1h for clients that do"
          + " not say."),
  MESSAGE_BYTES_MAX(
      Group.LIMITS,
      "SIZE",
      "4m",
      "Largest message to a client: a result, a notification or a question."),
  TRUSTED_PRINCIPAL_HEADER(
      Group.TRUST,
      "HEADER",
      "",
      "Header in which a proxy names the authenticated user. Needs --trusted-proxies."),
  TRUSTED_PROXIES(
      Group.TRUST,
      "ADDRESSES",
      "",
      "Addresses or networks (10.0.0.0/8) whose principal header counts, comma-separated."),
  BEARER_TOKENS_FILE(
      Group.TRUST,
      "FILE",
      "",
      "Accept only requests with a bearer token listed here, one \"NAME SHA256-HEX\" a line."),
  LOG_FORMAT(Group.LOGGING, "FORMAT", "text", "text, or json for one JSON object a line."),
  LOG_LEVEL(Group.LOGGING, "LEVEL", "info", "error, warn, info, debug or trace."),
  CONFIG(
      Group.LOGGING,
      "FILE",
      "",
      "Properties file with any of these options without the dashes (port=8081). Default:"
          + " trunkline.properties where it exists.");

  /// What belongs together in the help text.
  enum Group {
    LISTENING("Listening"),
    DATABASE("Database"),
    SERVING("Serving"),
    LIMITS("Limits"),
    TRUST("Trust"),
    LOGGING("Logging and configuration");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  static final String ENVIRONMENT_PREFIX = "TRUNKLINE_";

  private final Group group;
  private final String placeholder;
  private final String fallback;
  private final String help;

  Option(Group group, String placeholder, String fallback, String help) {
    this.group = group;
    this.placeholder = placeholder;
    this.fallback = fallback;
    this.help = help;
  }

  /// As in a configuration file: `database-url`.
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String flag() {
    return "--" + key();
  }

  String variable() {
    return ENVIRONMENT_PREFIX + name();
  }

  Group group() {
    return group;
  }

  /// What the value looks like; empty for a switch, which is on when named.
  String placeholder() {
    return placeholder;
  }

  boolean isSwitch() {
    return placeholder.isEmpty();
  }

  /// The value when nobody gives one; empty for none.
  String fallback() {
    return fallback;
  }

  String help() {
    return help;
  }

  static Optional<Option> find(String key) {
    return Arrays.stream(values()).filter(option -> option.key().equals(key)).findFirst();
  }
}
