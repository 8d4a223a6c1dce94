package trunkline.config;

import static trunkline.config.OptionForm.amounts;
import static trunkline.config.OptionForm.auditKinds;
import static trunkline.config.OptionForm.choice;
import static trunkline.config.OptionForm.database;
import static trunkline.config.OptionForm.duration;
import static trunkline.config.OptionForm.file;
import static trunkline.config.OptionForm.folder;
import static trunkline.config.OptionForm.headers;
import static trunkline.config.OptionForm.hosts;
import static trunkline.config.OptionForm.issuers;
import static trunkline.config.OptionForm.names;
import static trunkline.config.OptionForm.networks;
import static trunkline.config.OptionForm.number;
import static trunkline.config.OptionForm.onOff;
import static trunkline.config.OptionForm.origins;
import static trunkline.config.OptionForm.rate;
import static trunkline.config.OptionForm.rates;
import static trunkline.config.OptionForm.scopes;
import static trunkline.config.OptionForm.secret;
import static trunkline.config.OptionForm.settings;
import static trunkline.config.OptionForm.size;
import static trunkline.config.OptionForm.text;
import static trunkline.config.OptionForm.url;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import trunkline.audit.AuditMode;
import trunkline.tls.ClientAuth;
import trunkline.tls.SubjectPart;

/// The options: each one's name, the form and bounds of its value, its default and its purpose. The
/// help text, the errors and the policies are made from them.
///
/// One name in three spellings: `--poll-only` on the command line, `TRUNKLINE_POLL_ONLY` in the
/// environment, `poll-only` in a configuration file.
public enum Option {
  HOST(
      Group.LISTENING,
      text("ADDRESS"),
      "localhost",
      "Address to listen on. localhost means 127.0.0.1 and ::1; 0.0.0.0 every interface."),
  PORT(Group.LISTENING, number(0, 65_535), "8080", "TCP port, 0 for a free one."),
  MANAGEMENT_PORT(
      Group.LISTENING,
      number(0, 65_535),
      "",
      "Port of its own for health and metrics (/observe), which ask for no credentials; 0 for a free"
          + " one. Default: --port, with a warning where others can reach it; the number of --port says"
          + " that this is meant."),
  MANAGEMENT_HOST(
      Group.LISTENING, text("ADDRESS"), "", "Address of --management-port. Default: --host."),
  CONSOLE(
      Group.LISTENING,
      onOff(),
      "false",
      "Serve the console at /console, on --management-port where there is one, to those who have the"
          + " scope trunkline.view (looks) or trunkline.operate (acts). On the embedded database whoever"
          + " sits at this machine has it without."),
  CONSOLE_PAYLOADS(
      Group.LISTENING,
      onOff(),
      "false",
      "Let the console show what messages say, to those who have the scope trunkline.payloads besides,"
          + " and on the embedded database to whoever sits at this machine. Without it the console counts them."),
  ADVERTISE(
      Group.LISTENING,
      url(),
      "",
      "URL under which this very instance is reachable, shown in the instance directory."
          + " Default: made of host and port."),
  PUBLIC_URL(
      Group.LISTENING,
      url(),
      "",
      "URL under which clients reach the server, as they type it: https://mcp.example/mcp. Its host"
          + " is accepted in Host headers."),
  ALLOWED_HOSTS(
      Group.LISTENING,
      hosts(),
      "",
      "Host headers accepted besides localhost and the hosts of --host and --advertise,"
          + " comma-separated: name, name:port, or * for any."),
  ALLOWED_ORIGINS(
      Group.LISTENING,
      origins(),
      "",
      "Origin headers accepted from browsers besides those of allowed hosts, comma-separated:"
          + " https://name[:port], or * for any."),
  BODY_BYTES_MAX(
      Group.LISTENING,
      size(1024, 256 << 20),
      "4m",
      "Largest request body, in bytes; k and m multiply by 1024. It has 30s to arrive, and 1s more"
          + " for each 16k; the headers, at most 16k, have 30s."),
  REQUEST_TIMEOUT(
      Group.LISTENING,
      duration("1ms", "1d"),
      "60s",
      "How long a tool waits for a client's answer unless it says otherwise."),
  TLS_CERTIFICATE(
      Group.TLS,
      file(),
      "",
      "PEM file with the server's certificate, after it those that signed it; with it, https is"
          + " spoken on --port and nothing else. Read again when it changes. Needs --tls-key."),
  TLS_KEY(
      Group.TLS,
      file(),
      "",
      "PEM file with the certificate's private key, not encrypted: RSA, EC or EdDSA. It may be the"
          + " same file."),
  TLS_CLIENT_CA(
      Group.TLS,
      file(),
      "",
      "PEM file with the certificates of those who sign clients' certificates. Clients are asked for"
          + " one, and known by it."),
  TLS_CLIENT_AUTH(
      Group.TLS,
      choice("WHETHER", ClientAuth.class),
      "required",
      "required, or optional where clients may say otherwise who they are. With --tls-client-ca."),
  TLS_PRINCIPAL(
      Group.TLS,
      choice("PART", SubjectPart.class),
      "cn",
      "What of a client's certificate names it: cn for the subject's common name, subject for all of"
          + " it; uri, email or dns for an alternative name; none where a certificate says nothing of"
          + " who it is. With --tls-client-ca."),
  MANAGEMENT_TLS(
      Group.TLS,
      onOff(),
      "false",
      "Speak TLS on --management-port too, with the same certificate; clients are asked for none"
          + " there."),
  DATABASE_URL(
      Group.DATABASE,
      database("'embedded' or ", "embedded"),
      "embedded",
      "embedded: a PostgreSQL of its own below --data; or the database as services hand it out,"
          + " postgresql://user:password@host:5432/name?sslmode=require; or"
          + " jdbc:postgresql://host:5432/name with any parameter of the PostgreSQL driver."),
  DATABASE_URL_FILE(
      Group.DATABASE,
      file(),
      "",
      "File with the URL, which may hold a password; the password is read at each new connection,"
          + " the rest at the start."),
  DATABASE_DIRECT_URL(
      Group.DATABASE,
      database(),
      "",
      "The same database past a transaction pooler such as PgBouncer, for LISTEN, heartbeat and"
          + " migration. Default: --database-url. If it differs, the pool prepares no statements"
          + " unless --database-url says prepareThreshold itself."),
  DATABASE_DIRECT_URL_FILE(
      Group.DATABASE,
      file(),
      "",
      "File with the direct URL; user and password are those of the other."),
  DATABASE_USER(
      Group.DATABASE, text("ROLE"), "", "Database role. Default: the URL's user, else trunkline."),
  DATABASE_PASSWORD(
      Group.DATABASE,
      secret("PASSWORD"),
      "",
      "Password of the role. Better given in a file: others can read a command line."),
  DATABASE_PASSWORD_FILE(
      Group.DATABASE,
      file(),
      "",
      "File with the password; read at each new connection, so it may be rotated."),
  DATABASE_POOL_SIZE(
      Group.DATABASE,
      number(4, 200),
      "10",
      "Connections of the pool, 4 to 200. Two more are direct."),
  DATA(Group.DATABASE, folder(), ".trunkline", "Where the embedded PostgreSQL lives."),
  POLL_ONLY(
      Group.DATABASE,
      onOff(),
      "false",
      "Do without LISTEN/NOTIFY: everything works, only slower by a poll interval."),
  REQUIRE_NOTIFY(
      Group.DATABASE,
      onOff(),
      "false",
      "Refuse to start when notifications do not arrive, instead of polling."),
  FEATURES(
      Group.SERVING,
      names(),
      "sample",
      "What to serve: names of catalogs on the class path, paths of jar files, or of folders with jar"
          + " files, comma-separated."),
  SET(
      Group.SERVING,
      settings(),
      "",
      "A setting of a catalog's own: its name, a dot, the key, and the value. May be given several"
          + " times; also as TRUNKLINE_SET_SHOP_URL or set.shop.url=. One that no catalog asks for"
          + " is refused."),
  TOOLSET(
      Group.SERVING,
      text("NAME"),
      "",
      "The part of the catalog that --stdio serves; over HTTP clients choose it by the path,"
          + " /mcp/NAME. Default: all of it."),
  SESSION_IDLE_TIMEOUT(
      Group.SERVING,
      duration("1s", "365d"),
      "30m",
      "A session ends when it was not used for so long."),
  SESSION_LIFETIME_MAX(
      Group.SERVING, duration("1s", "365d"), "24h", "A session ends at the latest after this."),
  HISTORY_MESSAGES_MAX(
      Group.SERVING,
      number(1, 1_000_000),
      "1000",
      "Messages of a stream kept for clients that reconnect."),
  HISTORY_AGE_MAX(
      Group.SERVING,
      duration("1s", "7d"),
      "1h",
      "How long a message is kept for clients that reconnect."),
  HEARTBEAT(
      Group.SERVING,
      duration("0s", "1h"),
      "20s",
      "How long a client that asked for progress of a tool's call may hear none: it is told then"
          + " that the call goes on. 0s for never."),
  KEEP_ALIVE(
      Group.SERVING,
      duration("100ms", "1h"),
      "15s",
      "Longest silence on a stream; a vanished client is noticed within this."),
  LEASE(
      Group.SERVING,
      duration("1s", "1h"),
      "10s",
      "How long an instance may be silent before the others declare it dead; the same on all."),
  DRAIN_DELAY(
      Group.SERVING,
      duration("0s", "10m"),
      "5s",
      "How long an instance that was told to end (SIGTERM, ctrl-C) says that it is not ready and"
          + " serves on, so that balancers look away first; 0s with the embedded database unless it"
          + " is given. A further signal skips it. The same when it is drained by SQL."),
  DRAIN_TIMEOUT(
      Group.SERVING,
      duration("0s", "1h"),
      "15s",
      "How long running calls may go on after that, before they are handed on or get an error, and"
          + " over how long at most streams are closed. The process ends at the latest 8 s after"
          + " both; at once after a further signal."),
  SESSION_CACHE(
      Group.SERVING,
      onOff(),
      "true",
      "Remember sessions while they are used, so that a request costs no statement; a DELETE waits"
          + " until every instance has heard of it. Off: --session-cache=off."),
  ANNOUNCE_CONNECTIONS(
      Group.SERVING,
      onOff(),
      "false",
      "NOTIFY trunkline_connections whenever a stream opens or closes."),
  SERVER_NAME(
      Group.IDENTITY,
      text("NAME"),
      "",
      "What the server calls itself to programs. Default: what its catalog says, else trunkline."),
  SERVER_TITLE(
      Group.IDENTITY,
      text("TEXT"),
      "",
      "What it calls itself to people. Default: what its catalog says."),
  SERVER_VERSION(
      Group.IDENTITY,
      text("VERSION"),
      "",
      "Its version. Default: what its catalog says, else that of Trunkline."),
  SERVER_DESCRIPTION(
      Group.IDENTITY,
      text("TEXT"),
      "",
      "What it is for, in a sentence. Default: what its catalog says."),
  SERVER_WEBSITE(
      Group.IDENTITY,
      url(),
      "",
      "Where people read more about it. Default: what its catalog says."),
  SERVER_ICON(
      Group.IDENTITY,
      url(),
      "",
      "Address of its picture, PNG or JPEG. Default: what its catalog says."),
  INSTRUCTIONS(
      Group.IDENTITY,
      text("TEXT"),
      "",
      "What the model is told about using it, instead of what its catalogs say."),
  INSTRUCTIONS_FILE(
      Group.IDENTITY, file(), "", "File with the instructions, in UTF-8; read at the start."),
  SESSIONS_MAX(
      Group.LIMITS,
      number(1, 10_000_000),
      "50000",
      "Living sessions in the cluster; when there are as many, anonymous clients' longest idle ones"
          + " make room."),
  PRINCIPAL_SESSIONS_MAX(
      Group.LIMITS,
      number(1, 1_000_000),
      "1000",
      "Living sessions of one principal; anonymous clients are exempt."),
  SESSION_CALLS_MAX(
      Group.LIMITS,
      number(1, 100_000),
      "256",
      "Calls of one session that an instance runs at a time."),
  PRINCIPAL_CALLS_MAX(
      Group.LIMITS,
      number(1, 100_000),
      "1000",
      "Requests without a session (2026-07-28), of one principal, that an instance runs at a time;"
          + " anonymous clients are exempt."),
  PRINCIPAL_LISTENS_MAX(
      Group.LIMITS,
      number(1, 100_000),
      "100",
      "Streams for changes without a session (subscriptions/listen of 2026-07-28), of one principal,"
          + " that an instance holds at a time; anonymous clients are exempt."),
  SESSION_STREAMS_MAX(
      Group.LIMITS,
      number(1, 100_000),
      "256",
      "Calls of one session that are streams at a time, in the cluster."),
  SESSION_CONNECTIONS_MAX(
      Group.LIMITS,
      number(2, 100),
      "3",
      "Connections of one session to an instance: the one that gets the messages and those that"
          + " it replaced, which stay open in silence; beyond, the oldest is closed."),
  SESSION_QUESTIONS_MAX(
      Group.LIMITS,
      number(1, 10_000),
      "64",
      "Questions of an instance that one session's client has not answered yet."),
  CALL_TIMEOUT(
      Group.LIMITS,
      duration("0s", "30d"),
      "0s",
      "How long a call of a tool may take that says nothing of its own, not counting the time in"
          + " which it waits for a person; then it is interrupted and its client gets an error. 0s"
          + " for no limit."),
  TOOL_TIMEOUTS(
      Group.LIMITS,
      amounts("a tool and a duration such as bake=30s, comma-separated", ToolOptions::timeouts),
      "",
      "The same of single tools, whatever they say: bake=30s,fry=0s."),
  TOOL_CONCURRENCY(
      Group.LIMITS,
      amounts("a tool and a number such as bake=4, comma-separated", ToolOptions::concurrency),
      "",
      "Calls of single tools that an instance runs at a time, whatever they say: bake=4. One too"
          + " many waits for 1s and is refused then; as a task it waits for its turn."),
  CALLS_MAX(
      Group.LIMITS,
      number(1, 1_000_000),
      "10000",
      "Calls that an instance runs at a time, and tasks besides."),
  SESSION_TASKS_MAX(Group.LIMITS, number(1, 100_000), "100", "Unfinished tasks of one session."),
  PRINCIPAL_TASKS_MAX(
      Group.LIMITS,
      number(1, 1_000_000),
      "1000",
      "Unfinished tasks without a session (2026-07-28) of one principal; anonymous clients are one."),
  TASK_TTL_MAX(
      Group.LIMITS,
      duration("1s", "30d"),
      "24h",
      "How long a task and its result are kept at most, from its creation; 1h for clients that do"
          + " not say."),
  MESSAGE_BYTES_MAX(
      Group.LIMITS,
      size(4096, 64 << 20),
      "4m",
      "Largest message to a client: a result, a notification or a question."),
  RATE_PRINCIPAL(
      Group.LIMITS,
      rate(),
      "",
      "Calls, reads, prompts and completions of each principal, over all instances: 100/s, 20/m, 500/h"
          + " or 1/d, with :BURST for what may come at once after a rest (100/s:200; else the number"
          + " itself). Beyond, a 429 with Retry-After. Anonymous clients are one principal."
          + " set_rate in SQL counts more."),
  RATE_TOOL(
      Group.LIMITS,
      rates(),
      "",
      "Calls of a tool by all who call it, over all instances, comma-separated:"
          + " bake=5/s:10,*=50/s; * is each tool that is not named."),
  RATE_PRINCIPAL_TOOL(
      Group.LIMITS,
      rates(),
      "",
      "Calls of a tool by each principal, over all instances, likewise."),
  MEMORY_SHARE(
      Group.LIMITS,
      number(5, 80),
      "30",
      "Percent of the heap that all requests may hold: bodies, what is made of them, and answers;"
          + " beyond, a request waits for 2s and gets a 503."),
  TRUSTED_PRINCIPAL_HEADER(
      Group.TRUST,
      text("HEADER"),
      "",
      "Header in which a proxy names the authenticated user. Needs --trusted-proxies."),
  TRUSTED_PROXIES(
      Group.TRUST,
      networks(),
      "",
      "Addresses or networks (10.0.0.0/8) whose principal header counts, comma-separated."),
  TRUSTED_SCOPES_HEADER(
      Group.TRUST,
      text("HEADER"),
      "",
      "Header beside --trusted-principal-header in which the proxy says what the user may do: scopes"
          + " with blanks or commas between them. The proxy removes it from what clients send."),
  API_KEYS(
      Group.TRUST,
      onOff(),
      "false",
      "Accept requests with an API key (Authorization: Bearer tk_...) that was issued on this database:"
          + " ./trunkline key issue, or select trunkline.issue_key(...). Only such requests, unless"
          + " other credentials are configured as well."),
  BEARER_TOKENS_FILE(
      Group.TRUST,
      file(),
      "",
      "Accept only requests with a bearer token listed here, one \"NAME SHA256-HEX\" a line, after"
          + " which claims for tools may follow as a JSON object."),
  OIDC_ISSUER(
      Group.TRUST,
      issuers(),
      "",
      "Accept access tokens of this identity provider, OAuth 2.1 or OpenID Connect: its URL exactly"
          + " as it spells itself. May be given several times. Needs --public-url."),
  OIDC_AUDIENCE(
      Group.TRUST,
      names(),
      "",
      "Audiences of which a token must name one, comma-separated. Default: --public-url."),
  OIDC_SCOPES(
      Group.TRUST,
      scopes(),
      "",
      "Scopes that every request with such a token needs, comma-separated; clients are told to ask"
          + " for them."),
  PRINCIPAL_CLAIM(
      Group.TRUST,
      text("CLAIM"),
      "sub",
      "Claim of a token that says who its bearer is. The principal's name is the issuer's and it, so"
          + " changing it makes everybody somebody else."),
  TENANT_CLAIM(
      Group.TRUST,
      text("CLAIM"),
      "",
      "Claim that becomes a part of the principal's name as well, where one issuer knows the users of"
          + " many organizations; a token without it is refused."),
  OIDC_KEYS_AGE_MAX(
      Group.TRUST,
      duration("1s", "1d"),
      "10m",
      "An issuer's public keys are read again before they are older: so long at most, one that it has"
          + " withdrawn still counts."),
  OIDC_OUTAGE_MAX(
      Group.TRUST,
      duration("0s", "7d"),
      "1h",
      "How much longer the last keys count while the issuer does not answer; then its tokens get a"
          + " 503."),
  OIDC_INTROSPECTION_CLIENT(
      Group.TRUST,
      text("CLIENT-ID"),
      "",
      "Ask the first issuer about tokens that are not signed (RFC 7662), as this client. Needs"
          + " --oidc-introspection-secret-file."),
  OIDC_INTROSPECTION_SECRET_FILE(
      Group.TRUST,
      file(),
      "",
      "File with that client's secret; read whenever it is used, so it may be rotated."),
  OIDC_INTROSPECTION_URL(
      Group.TRUST, url(), "", "Where it is asked. Default: what the issuer's metadata says."),
  REQUEST_HEADERS(
      Group.TRUST,
      headers(),
      "",
      "Request headers that tools see besides those that their catalogs name, comma-separated:"
          + " X-Tenant, .... None is seen that is not named."),
  AUDIT(
      Group.TRUST,
      choice("MODE", AuditMode.class),
      "off",
      "What clients do is on record in the database: off, on (soon after the answer), or strict"
          + " (before the answer, or there is none)."),
  AUDIT_AGE(Group.TRUST, duration("1h", "3650d"), "90d", "How long a record is kept at least."),
  AUDIT_KINDS(
      Group.TRUST,
      auditKinds(),
      "calls,reads,prompts,tasks,sessions,denials",
      "What is recorded, comma-separated: calls, reads, prompts, completions, tasks, subscriptions,"
          + " sessions, lists, others, denials."),
  LOG_FORMAT(
      Group.LOGGING,
      choice("FORMAT", Logging.Format.class),
      "text",
      "text, or json for one JSON object a line."),
  LOG_LEVEL(
      Group.LOGGING,
      choice("LEVEL", Logging.Level.class),
      "info",
      "error, warn, info, debug or trace."),
  CONFIG(
      Group.LOGGING,
      text("FILE"),
      "",
      "Properties file with any of these options without the dashes (port=8081). Default:"
          + " trunkline.properties where it exists.");

  /// Sections of the help text.
  public enum Group {
    LISTENING("Listening"),
    TLS("TLS"),
    DATABASE("Database"),
    SERVING("Serving"),
    IDENTITY("Identity"),
    LIMITS("Limits"),
    TRUST("Trust"),
    LOGGING("Logging and configuration");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  static final String ENVIRONMENT_PREFIX = "TRUNKLINE_";

  private final Group group;

  /// Its function has no state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final OptionForm<?> form;

  private final String fallback;
  private final String help;

  Option(Group group, OptionForm<?> form, String fallback, String help) {
    this.group = group;
    this.form = form;
    this.fallback = fallback;
    this.help = help;
  }

  /// The name in a configuration file: `database-url`.
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String flag() {
    return "--" + key();
  }

  String variable() {
    return ENVIRONMENT_PREFIX + name();
  }

  public Group group() {
    return group;
  }

  /// The value in the help text; empty for a switch, which is on when it is named alone.
  public String placeholder() {
    return form.placeholder();
  }

  public boolean isSwitch() {
    return placeholder().isEmpty();
  }

  /// Whether it may be given several times, one value a line.
  public boolean isRepeatable() {
    return this == SET || this == OIDC_ISSUER;
  }

  /// The default; empty for none.
  public String fallback() {
    return fallback;
  }

  OptionForm<?> form() {
    return form;
  }

  public String help() {
    return help;
  }

  public static Optional<Option> find(String key) {
    return Arrays.stream(values()).filter(option -> option.key().equals(key)).findFirst();
  }
}
