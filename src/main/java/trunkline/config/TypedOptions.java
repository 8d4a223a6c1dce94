package trunkline.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import trunkline.audit.AuditMode;
import trunkline.tls.ClientAuth;
import trunkline.tls.SubjectPart;

/// The options of `./trunkline serve` for a program, with the same names, defaults, bounds and
/// errors. Written by `.ci/generate` from [Option]; only what is not an option is left out (the
/// form of a log that is the program's own).
///
/// A wrong value is refused when the server starts, with its name and bounds.
///
/// @param <B> the builder itself
public abstract class TypedOptions<B extends TypedOptions<B>> {
  private final Map<Option, Options.Given> given = new EnumMap<>(Option.class);

  protected TypedOptions() {}

  protected abstract B self();

  /// Options by their names in a configuration file, such as `request-timeout`, instead of by
  /// methods. What is said later counts; settings of catalogs add up.
  ///
  /// @throws Refusal when a name is unknown
  public B options(Map<String, String> values) {
    Options.add(given, values);
    return self();
  }

  /// Whether the program said it.
  protected final boolean has(Option option) {
    return given.containsKey(option);
  }

  /// All of them, and below them those of the file that [#config] names.
  ///
  /// @throws Refusal when one of them is wrong, or two contradict each other
  protected final ServerConfig read() {
    return ServerConfig.read(Options.ofCode(given));
  }

  private B set(Option option, String name, Object value) {
    try {
      var text = OptionForm.written(value);
      given.put(option, new Options.Given(text, name, Options.Source.CODE));
    } catch (IllegalArgumentException e) {
      throw new Refusal(name + ": " + e.getMessage(), e);
    }
    return self();
  }

  /// Address to listen on. localhost means 127.0.0.1 and ::1; 0.0.0.0 every interface. Default:
  /// localhost.
  public B host(String address) {
    return set(Option.HOST, "host", address);
  }

  /// TCP port, 0 for a free one. Default: 8080.
  public B port(int number) {
    return set(Option.PORT, "port", number);
  }

  /// Port of its own for health and metrics (/observe), which ask for no credentials; 0 for a free
  /// one. Default: --port, with a warning where others can reach it; the number of --port says that
  /// this is meant.
  public B managementPort(int number) {
    return set(Option.MANAGEMENT_PORT, "managementPort", number);
  }

  /// Address of --management-port. Default: --host.
  public B managementHost(String address) {
    return set(Option.MANAGEMENT_HOST, "managementHost", address);
  }

  /// Serve the console at /console, on --management-port where there is one, to those who have the
  /// scope trunkline.view (looks) or trunkline.operate (acts). On the embedded database whoever
  /// sits at this machine has it without.
  public B console(boolean on) {
    return set(Option.CONSOLE, "console", on);
  }

  /// Let the console show what messages say, to those who have the scope trunkline.payloads
  /// besides, and on the embedded database to whoever sits at this machine. Without it the console
  /// counts them.
  public B consolePayloads(boolean on) {
    return set(Option.CONSOLE_PAYLOADS, "consolePayloads", on);
  }

  /// URL under which this very instance is reachable, shown in the instance directory. Default:
  /// made of host and port.
  public B advertise(URI url) {
    return set(Option.ADVERTISE, "advertise", url);
  }

  /// URL under which clients reach the server, as they type it: https://mcp.example/mcp. Its host
  /// is accepted in Host headers.
  public B publicUrl(URI url) {
    return set(Option.PUBLIC_URL, "publicUrl", url);
  }

  /// Host headers accepted besides localhost and the hosts of --host and --advertise,
  /// comma-separated: name, name:port, or * for any.
  public B allowedHosts(String... names) {
    return set(Option.ALLOWED_HOSTS, "allowedHosts", List.of(names));
  }

  /// Origin headers accepted from browsers besides those of allowed hosts, comma-separated:
  /// https://name\[:port], or * for any.
  public B allowedOrigins(String... origins) {
    return set(Option.ALLOWED_ORIGINS, "allowedOrigins", List.of(origins));
  }

  /// Largest request body, in bytes; k and m multiply by 1024. It has 30s to arrive, and 1s more
  /// for each 16k; the headers, at most 16k, have 30s. Default: 4m.
  public B bodyBytesMax(int bytes) {
    return set(Option.BODY_BYTES_MAX, "bodyBytesMax", bytes);
  }

  /// How long a tool waits for a client's answer unless it says otherwise. Default: 60s.
  public B requestTimeout(Duration duration) {
    return set(Option.REQUEST_TIMEOUT, "requestTimeout", duration);
  }

  /// PEM file with the server's certificate, after it those that signed it; with it, https is
  /// spoken on --port and nothing else. Read again when it changes. Needs --tls-key.
  public B tlsCertificate(Path file) {
    return set(Option.TLS_CERTIFICATE, "tlsCertificate", file);
  }

  /// PEM file with the certificate's private key, not encrypted: RSA, EC or EdDSA. It may be the
  /// same file.
  public B tlsKey(Path file) {
    return set(Option.TLS_KEY, "tlsKey", file);
  }

  /// PEM file with the certificates of those who sign clients' certificates. Clients are asked for
  /// one, and known by it.
  public B tlsClientCa(Path file) {
    return set(Option.TLS_CLIENT_CA, "tlsClientCa", file);
  }

  /// required, or optional where clients may say otherwise who they are. With --tls-client-ca.
  /// Default: required.
  public B tlsClientAuth(ClientAuth whether) {
    return set(Option.TLS_CLIENT_AUTH, "tlsClientAuth", whether);
  }

  /// What of a client's certificate names it: cn for the subject's common name, subject for all of
  /// it; uri, email or dns for an alternative name; none where a certificate says nothing of who it
  /// is. With --tls-client-ca. Default: cn.
  public B tlsPrincipal(SubjectPart part) {
    return set(Option.TLS_PRINCIPAL, "tlsPrincipal", part);
  }

  /// Speak TLS on --management-port too, with the same certificate; clients are asked for none
  /// there.
  public B managementTls(boolean on) {
    return set(Option.MANAGEMENT_TLS, "managementTls", on);
  }

  /// embedded: a PostgreSQL of its own below --data; or the database as services hand it out,
  /// postgresql://user:password@host:5432/name?sslmode=require; or jdbc:postgresql://host:5432/name
  /// with any parameter of the PostgreSQL driver. Default: embedded.
  public B databaseUrl(String url) {
    return set(Option.DATABASE_URL, "databaseUrl", url);
  }

  /// File with the URL, which may hold a password; the password is read at each new connection, the
  /// rest at the start.
  public B databaseUrlFile(Path file) {
    return set(Option.DATABASE_URL_FILE, "databaseUrlFile", file);
  }

  /// The same database past a transaction pooler such as PgBouncer, for LISTEN, heartbeat and
  /// migration. Default: --database-url. If it differs, the pool prepares no statements unless
  /// --database-url says prepareThreshold itself.
  public B databaseDirectUrl(String url) {
    return set(Option.DATABASE_DIRECT_URL, "databaseDirectUrl", url);
  }

  /// File with the direct URL; user and password are those of the other.
  public B databaseDirectUrlFile(Path file) {
    return set(Option.DATABASE_DIRECT_URL_FILE, "databaseDirectUrlFile", file);
  }

  /// Database role. Default: the URL's user, else trunkline.
  public B databaseUser(String role) {
    return set(Option.DATABASE_USER, "databaseUser", role);
  }

  /// Password of the role. Better given in a file: others can read a command line.
  public B databasePassword(String password) {
    return set(Option.DATABASE_PASSWORD, "databasePassword", password);
  }

  /// File with the password; read at each new connection, so it may be rotated.
  public B databasePasswordFile(Path file) {
    return set(Option.DATABASE_PASSWORD_FILE, "databasePasswordFile", file);
  }

  /// Connections of the pool, 4 to 200. Two more are direct. Default: 10.
  public B databasePoolSize(int number) {
    return set(Option.DATABASE_POOL_SIZE, "databasePoolSize", number);
  }

  /// Where the embedded PostgreSQL lives. Default: .trunkline.
  public B data(Path folder) {
    return set(Option.DATA, "data", folder);
  }

  /// Do without LISTEN/NOTIFY: everything works, only slower by a poll interval.
  public B pollOnly(boolean on) {
    return set(Option.POLL_ONLY, "pollOnly", on);
  }

  /// Refuse to start when notifications do not arrive, instead of polling.
  public B requireNotify(boolean on) {
    return set(Option.REQUIRE_NOTIFY, "requireNotify", on);
  }

  /// What to serve: names of catalogs on the class path, paths of jar files, or of folders with jar
  /// files, comma-separated. Default: sample.
  public B features(String... names) {
    return set(Option.FEATURES, "features", List.of(names));
  }

  /// A setting of a catalog's own: its name, a dot, the key, and the value. May be given several
  /// times; also as TRUNKLINE_SET_SHOP_URL or set.shop.url=. One that no catalog asks for is
  /// refused.
  public B set(String key, String value) {
    var former = given.get(Option.SET);
    var line = key + "=" + value;
    return set(Option.SET, "set", former == null ? line : former.value() + "\n" + line);
  }

  /// The part of the catalog that --stdio serves; over HTTP clients choose it by the path,
  /// /mcp/NAME. Default: all of it.
  public B toolset(String name) {
    return set(Option.TOOLSET, "toolset", name);
  }

  /// A session ends when it was not used for so long. Default: 30m.
  public B sessionIdleTimeout(Duration duration) {
    return set(Option.SESSION_IDLE_TIMEOUT, "sessionIdleTimeout", duration);
  }

  /// A session ends at the latest after this. Default: 24h.
  public B sessionLifetimeMax(Duration duration) {
    return set(Option.SESSION_LIFETIME_MAX, "sessionLifetimeMax", duration);
  }

  /// Messages of a stream kept for clients that reconnect. Default: 1000.
  public B historyMessagesMax(int number) {
    return set(Option.HISTORY_MESSAGES_MAX, "historyMessagesMax", number);
  }

  /// How long a message is kept for clients that reconnect. Default: 1h.
  public B historyAgeMax(Duration duration) {
    return set(Option.HISTORY_AGE_MAX, "historyAgeMax", duration);
  }

  /// How long a client that asked for progress of a tool's call may hear none: it is told then that
  /// the call goes on. 0s for never. Default: 20s.
  public B heartbeat(Duration duration) {
    return set(Option.HEARTBEAT, "heartbeat", duration);
  }

  /// Longest silence on a stream; a vanished client is noticed within this. Default: 15s.
  public B keepAlive(Duration duration) {
    return set(Option.KEEP_ALIVE, "keepAlive", duration);
  }

  /// How long an instance may be silent before the others declare it dead; the same on all.
  /// Default: 10s.
  public B lease(Duration duration) {
    return set(Option.LEASE, "lease", duration);
  }

  /// How long an instance that was told to end (SIGTERM, ctrl-C) says that it is not ready and
  /// serves on, so that balancers look away first; 0s with the embedded database unless it is
  /// given. A further signal skips it. The same when it is drained by SQL. Default: 5s.
  public B drainDelay(Duration duration) {
    return set(Option.DRAIN_DELAY, "drainDelay", duration);
  }

  /// How long running calls may go on after that, before they are handed on or get an error, and
  /// over how long at most streams are closed. The process ends at the latest 8 s after both; at
  /// once after a further signal. Default: 15s.
  public B drainTimeout(Duration duration) {
    return set(Option.DRAIN_TIMEOUT, "drainTimeout", duration);
  }

  /// Remember sessions while they are used, so that a request costs no statement; a DELETE waits
  /// until every instance has heard of it. Off: --session-cache=off. Default: true.
  public B sessionCache(boolean on) {
    return set(Option.SESSION_CACHE, "sessionCache", on);
  }

  /// NOTIFY trunkline_connections whenever a stream opens or closes.
  public B announceConnections(boolean on) {
    return set(Option.ANNOUNCE_CONNECTIONS, "announceConnections", on);
  }

  /// What the server calls itself to programs. Default: what its catalog says, else trunkline.
  public B serverName(String name) {
    return set(Option.SERVER_NAME, "serverName", name);
  }

  /// What it calls itself to people. Default: what its catalog says.
  public B serverTitle(String text) {
    return set(Option.SERVER_TITLE, "serverTitle", text);
  }

  /// Its version. Default: what its catalog says, else that of Trunkline.
  public B serverVersion(String version) {
    return set(Option.SERVER_VERSION, "serverVersion", version);
  }

  /// What it is for, in a sentence. Default: what its catalog says.
  public B serverDescription(String text) {
    return set(Option.SERVER_DESCRIPTION, "serverDescription", text);
  }

  /// Where people read more about it. Default: what its catalog says.
  public B serverWebsite(URI url) {
    return set(Option.SERVER_WEBSITE, "serverWebsite", url);
  }

  /// Address of its picture, PNG or JPEG. Default: what its catalog says.
  public B serverIcon(URI url) {
    return set(Option.SERVER_ICON, "serverIcon", url);
  }

  /// What the model is told about using it, instead of what its catalogs say.
  public B instructions(String text) {
    return set(Option.INSTRUCTIONS, "instructions", text);
  }

  /// File with the instructions, in UTF-8; read at the start.
  public B instructionsFile(Path file) {
    return set(Option.INSTRUCTIONS_FILE, "instructionsFile", file);
  }

  /// Living sessions in the cluster; when there are as many, anonymous clients' longest idle ones
  /// make room. Default: 50000.
  public B sessionsMax(int number) {
    return set(Option.SESSIONS_MAX, "sessionsMax", number);
  }

  /// Living sessions of one principal; anonymous clients are exempt. Default: 1000.
  public B principalSessionsMax(int number) {
    return set(Option.PRINCIPAL_SESSIONS_MAX, "principalSessionsMax", number);
  }

  /// Calls of one session that an instance runs at a time. Default: 256.
  public B sessionCallsMax(int number) {
    return set(Option.SESSION_CALLS_MAX, "sessionCallsMax", number);
  }

  /// Requests without a session (2026-07-28), of one principal, that an instance runs at a time;
  /// anonymous clients are exempt. Default: 1000.
  public B principalCallsMax(int number) {
    return set(Option.PRINCIPAL_CALLS_MAX, "principalCallsMax", number);
  }

  /// Streams for changes without a session (subscriptions/listen of 2026-07-28), of one principal,
  /// that an instance holds at a time; anonymous clients are exempt. Default: 100.
  public B principalListensMax(int number) {
    return set(Option.PRINCIPAL_LISTENS_MAX, "principalListensMax", number);
  }

  /// Calls of one session that are streams at a time, in the cluster. Default: 256.
  public B sessionStreamsMax(int number) {
    return set(Option.SESSION_STREAMS_MAX, "sessionStreamsMax", number);
  }

  /// Connections of one session to an instance: the one that gets the messages and those that it
  /// replaced, which stay open in silence; beyond, the oldest is closed. Default: 3.
  public B sessionConnectionsMax(int number) {
    return set(Option.SESSION_CONNECTIONS_MAX, "sessionConnectionsMax", number);
  }

  /// Questions of an instance that one session's client has not answered yet. Default: 64.
  public B sessionQuestionsMax(int number) {
    return set(Option.SESSION_QUESTIONS_MAX, "sessionQuestionsMax", number);
  }

  /// How long a call of a tool may take that says nothing of its own, not counting the time in
  /// which it waits for a person; then it is interrupted and its client gets an error. 0s for no
  /// limit. Default: 0s.
  public B callTimeout(Duration duration) {
    return set(Option.CALL_TIMEOUT, "callTimeout", duration);
  }

  /// The same of single tools, whatever they say: bake=30s,fry=0s.
  public B toolTimeouts(String... amounts) {
    return set(Option.TOOL_TIMEOUTS, "toolTimeouts", List.of(amounts));
  }

  /// Calls of single tools that an instance runs at a time, whatever they say: bake=4. One too many
  /// waits for 1s and is refused then; as a task it waits for its turn.
  public B toolConcurrency(String... amounts) {
    return set(Option.TOOL_CONCURRENCY, "toolConcurrency", List.of(amounts));
  }

  /// Calls that an instance runs at a time, and tasks besides. Default: 10000.
  public B callsMax(int number) {
    return set(Option.CALLS_MAX, "callsMax", number);
  }

  /// Unfinished tasks of one session. Default: 100.
  public B sessionTasksMax(int number) {
    return set(Option.SESSION_TASKS_MAX, "sessionTasksMax", number);
  }

  /// Unfinished tasks without a session (2026-07-28) of one principal; anonymous clients are one.
  /// Default: 1000.
  public B principalTasksMax(int number) {
    return set(Option.PRINCIPAL_TASKS_MAX, "principalTasksMax", number);
  }

  /// How long a task and its result are kept at most, from its creation; 1h for clients that do not
  /// say. Default: 24h.
  public B taskTtlMax(Duration duration) {
    return set(Option.TASK_TTL_MAX, "taskTtlMax", duration);
  }

  /// Largest message to a client: a result, a notification or a question. Default: 4m.
  public B messageBytesMax(int bytes) {
    return set(Option.MESSAGE_BYTES_MAX, "messageBytesMax", bytes);
  }

  /// Calls, reads, prompts and completions of each principal, over all instances: 100/s, 20/m,
  /// 500/h or 1/d, with :BURST for what may come at once after a rest (100/s:200; else the number
  /// itself). Beyond, a 429 with Retry-After. Anonymous clients are one principal. set_rate in SQL
  /// counts more.
  public B ratePrincipal(String rate) {
    return set(Option.RATE_PRINCIPAL, "ratePrincipal", rate);
  }

  /// Calls of a tool by all who call it, over all instances, comma-separated: bake=5/s:10,*=50/s; *
  /// is each tool that is not named.
  public B rateTool(String... rates) {
    return set(Option.RATE_TOOL, "rateTool", List.of(rates));
  }

  /// Calls of a tool by each principal, over all instances, likewise.
  public B ratePrincipalTool(String... rates) {
    return set(Option.RATE_PRINCIPAL_TOOL, "ratePrincipalTool", List.of(rates));
  }

  /// Percent of the heap that all requests may hold: bodies, what is made of them, and answers;
  /// beyond, a request waits for 2s and gets a 503. Default: 30.
  public B memoryShare(int number) {
    return set(Option.MEMORY_SHARE, "memoryShare", number);
  }

  /// Header in which a proxy names the authenticated user. Needs --trusted-proxies.
  public B trustedPrincipalHeader(String header) {
    return set(Option.TRUSTED_PRINCIPAL_HEADER, "trustedPrincipalHeader", header);
  }

  /// Addresses or networks (10.0.0.0/8) whose principal header counts, comma-separated.
  public B trustedProxies(String... addresses) {
    return set(Option.TRUSTED_PROXIES, "trustedProxies", List.of(addresses));
  }

  /// Header beside --trusted-principal-header in which the proxy says what the user may do: scopes
  /// with blanks or commas between them. The proxy removes it from what clients send.
  public B trustedScopesHeader(String header) {
    return set(Option.TRUSTED_SCOPES_HEADER, "trustedScopesHeader", header);
  }

  /// Accept requests with an API key (Authorization: Bearer tk_...) that was issued on this
  /// database: ./trunkline key issue, or select trunkline.issue_key(...). Only such requests,
  /// unless other credentials are configured as well.
  public B apiKeys(boolean on) {
    return set(Option.API_KEYS, "apiKeys", on);
  }

  /// Accept only requests with a bearer token listed here, one "NAME SHA256-HEX" a line, after
  /// which claims for tools may follow as a JSON object.
  public B bearerTokensFile(Path file) {
    return set(Option.BEARER_TOKENS_FILE, "bearerTokensFile", file);
  }

  /// Accept access tokens of this identity provider, OAuth 2.1 or OpenID Connect: its URL exactly
  /// as it spells itself. May be given several times. Needs --public-url.
  public B oidcIssuer(String... url) {
    return set(Option.OIDC_ISSUER, "oidcIssuer", List.of(url));
  }

  /// Audiences of which a token must name one, comma-separated. Default: --public-url.
  public B oidcAudience(String... names) {
    return set(Option.OIDC_AUDIENCE, "oidcAudience", List.of(names));
  }

  /// Scopes that every request with such a token needs, comma-separated; clients are told to ask
  /// for them.
  public B oidcScopes(String... names) {
    return set(Option.OIDC_SCOPES, "oidcScopes", List.of(names));
  }

  /// Claim of a token that says who its bearer is. The principal's name is the issuer's and it, so
  /// changing it makes everybody somebody else. Default: sub.
  public B principalClaim(String claim) {
    return set(Option.PRINCIPAL_CLAIM, "principalClaim", claim);
  }

  /// Claim that becomes a part of the principal's name as well, where one issuer knows the users of
  /// many organizations; a token without it is refused.
  public B tenantClaim(String claim) {
    return set(Option.TENANT_CLAIM, "tenantClaim", claim);
  }

  /// An issuer's public keys are read again before they are older: so long at most, one that it has
  /// withdrawn still counts. Default: 10m.
  public B oidcKeysAgeMax(Duration duration) {
    return set(Option.OIDC_KEYS_AGE_MAX, "oidcKeysAgeMax", duration);
  }

  /// How much longer the last keys count while the issuer does not answer; then its tokens get a
  /// 503. Default: 1h.
  public B oidcOutageMax(Duration duration) {
    return set(Option.OIDC_OUTAGE_MAX, "oidcOutageMax", duration);
  }

  /// Ask the first issuer about tokens that are not signed (RFC 7662), as this client. Needs
  /// --oidc-introspection-secret-file.
  public B oidcIntrospectionClient(String clientId) {
    return set(Option.OIDC_INTROSPECTION_CLIENT, "oidcIntrospectionClient", clientId);
  }

  /// File with that client's secret; read whenever it is used, so it may be rotated.
  public B oidcIntrospectionSecretFile(Path file) {
    return set(Option.OIDC_INTROSPECTION_SECRET_FILE, "oidcIntrospectionSecretFile", file);
  }

  /// Where it is asked. Default: what the issuer's metadata says.
  public B oidcIntrospectionUrl(URI url) {
    return set(Option.OIDC_INTROSPECTION_URL, "oidcIntrospectionUrl", url);
  }

  /// Request headers that tools see besides those that their catalogs name, comma-separated:
  /// X-Tenant, .... None is seen that is not named.
  public B requestHeaders(String... names) {
    return set(Option.REQUEST_HEADERS, "requestHeaders", List.of(names));
  }

  /// What clients do is on record in the database: off, on (soon after the answer), or strict
  /// (before the answer, or there is none). Default: off.
  public B audit(AuditMode mode) {
    return set(Option.AUDIT, "audit", mode);
  }

  /// How long a record is kept at least. Default: 90d.
  public B auditAge(Duration duration) {
    return set(Option.AUDIT_AGE, "auditAge", duration);
  }

  /// What is recorded, comma-separated: calls, reads, prompts, completions, tasks, subscriptions,
  /// sessions, lists, others, denials. Default: calls,reads,prompts,tasks,sessions,denials.
  public B auditKinds(String... kinds) {
    return set(Option.AUDIT_KINDS, "auditKinds", List.of(kinds));
  }

  /// Properties file with any of these options without the dashes (port=8081). Default:
  /// trunkline.properties where it exists.
  public B config(String file) {
    return set(Option.CONFIG, "config", file);
  }
}
