package trunkline;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything an instance is told at its start; each part's limits hold by construction.
///
/// @param listening where it listens and whom it lets in
/// @param database which PostgreSQL
/// @param wakeUps how it learns of what others did
/// @param features names of catalogs or paths of jars
/// @param sessions how long they live
/// @param history what is kept for clients that reconnect
/// @param limits how much of everything
/// @param keepAlive longest silence on a stream
/// @param lease how long an instance may be silent
/// @param requestTimeout how long a tool waits for a client's answer
/// @param announceConnections whether streams that open and close are announced to SQL listeners
/// @param trust who may say who somebody is
/// @param logging what is logged
public record ServerConfig(
    Listening listening,
    DatabaseChoice database,
    WakeUps wakeUps,
    List<String> features,
    SessionLimits sessions,
    HistoryLimits history,
    Limits limits,
    Duration keepAlive,
    Duration lease,
    Duration requestTimeout,
    boolean announceConnections,
    Trust trust,
    Logging logging) {

  private static final Set<String> EVERY_INTERFACE = Set.of("0.0.0.0", "::", "[::]");
  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration YEAR = Duration.ofDays(365);

  /// Where to listen.
  ///
  /// @param host an address or name; `localhost` is both loopback addresses
  /// @param port 0 for a free one
  /// @param advertise this instance's own URL, when it cannot be made of host and port
  /// @param allowedHosts hosts besides the loopback names, or `*`
  /// @param allowedOrigins origins besides those of allowed hosts, or `*`
  /// @param bodyBytesMax largest request body
  public record Listening(
      String host,
      int port,
      Optional<URI> advertise,
      Set<String> allowedHosts,
      Set<String> allowedOrigins,
      int bodyBytesMax) {}

  /// How to hear of news: NOTIFY unless `pollOnly`; with `requireNotify` polling is no way out.
  public record WakeUps(boolean pollOnly, boolean requireNotify) {}

  /// When sessions end by themselves.
  public record SessionLimits(Duration idleTimeout, Duration lifetimeMax) {}

  /// What a stream keeps.
  public record HistoryLimits(int messagesMax, Duration ageMax) {}

  /// What protects an instance and the database from one client's, or everybody's, too much.
  ///
  /// @param sessionsMax living sessions in the cluster
  /// @param principalSessionsMax living sessions of one principal who is not anonymous
  /// @param sessionCallsMax calls of one session that an instance runs at a time
  /// @param sessionStreamsMax calls of one session that are streams at a time, in the cluster
  /// @param sessionConnectionsMax connections of one session to an instance, of which the newest
  ///   gets the messages
  /// @param sessionQuestionsMax questions of an instance that one session's client owes an answer
  /// @param callsMax calls that an instance runs at a time, and tasks besides them
  /// @param sessionTasksMax unfinished tasks of one session
  /// @param taskTtlMax how long a task is kept at most
  /// @param messageBytesMax largest message to a client
  public record Limits(
      int sessionsMax,
      int principalSessionsMax,
      int sessionCallsMax,
      int sessionStreamsMax,
      int sessionConnectionsMax,
      int sessionQuestionsMax,
      int callsMax,
      int sessionTasksMax,
      Duration taskTtlMax,
      int messageBytesMax) {}

  /// Who may say who somebody is.
  ///
  /// @param principalHeader believed when it comes from one of the proxies
  /// @param proxies addresses and networks (`10.0.0.0/8`)
  /// @param bearerTokensFile SHA-256 of each token and the principal's name
  public record Trust(
      Optional<String> principalHeader, List<String> proxies, Optional<Path> bearerTokensFile) {}

  /// What the log looks like.
  public record Logging(Format format, Level level) {
    /// A line for people or for machines.
    public enum Format {
      TEXT,
      JSON
    }

    /// The least severe that is logged.
    public enum Level {
      ERROR,
      WARN,
      INFO,
      DEBUG,
      TRACE
    }
  }

  /// For embedding programs and tests: keys and values as in a configuration file, the rest
  /// default.
  public static ServerConfig of(Map<String, String> values) {
    return read(Options.of(values));
  }

  static ServerConfig read(Options options) {
    var values = new OptionParser(options);
    var lease = values.duration(Option.LEASE, SECOND, HOUR);
    return new ServerConfig(
        listening(values),
        DatabaseOptions.read(options),
        wakeUps(values),
        values.list(Option.FEATURES),
        new SessionLimits(
            values.duration(Option.SESSION_IDLE_TIMEOUT, SECOND, YEAR),
            values.duration(Option.SESSION_LIFETIME_MAX, SECOND, YEAR)),
        new HistoryLimits(
            values.number(Option.HISTORY_MESSAGES_MAX, 1, 1_000_000),
            values.duration(Option.HISTORY_AGE_MAX, SECOND, Duration.ofDays(7))),
        limits(values),
        values.duration(Option.KEEP_ALIVE, Duration.ofMillis(100), HOUR),
        lease,
        values.duration(Option.REQUEST_TIMEOUT, MILLISECOND, Duration.ofDays(1)),
        values.flag(Option.ANNOUNCE_CONNECTIONS),
        trust(values),
        logging(values));
  }

  static Logging logging(OptionParser values) {
    return new Logging(
        values.choice(Option.LOG_FORMAT, Logging.Format.class),
        values.choice(Option.LOG_LEVEL, Logging.Level.class));
  }

  private static Listening listening(OptionParser values) {
    var host = values.require(Option.HOST);
    var advertise = values.url(Option.ADVERTISE);
    return new Listening(
        host,
        values.number(Option.PORT, 0, 65_535),
        advertise,
        allowedHosts(values, host, advertise),
        Set.copyOf(values.origins(Option.ALLOWED_ORIGINS)),
        values.bytes(Option.BODY_BYTES_MAX, 1024, 256 * 1024 * 1024));
  }

  private static Set<String> allowedHosts(
      OptionParser values, String host, Optional<URI> advertise) {
    var hosts = new HashSet<>(values.hosts(Option.ALLOWED_HOSTS));
    advertise.map(URI::getHost).ifPresent(hosts::add);
    if (!EVERY_INTERFACE.contains(host)) {
      hosts.add(host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host);
    }
    return Set.copyOf(hosts);
  }

  private static WakeUps wakeUps(OptionParser values) {
    var wakeUps = new WakeUps(values.flag(Option.POLL_ONLY), values.flag(Option.REQUIRE_NOTIFY));
    if (wakeUps.pollOnly && wakeUps.requireNotify) {
      throw new Refusal("--poll-only and --require-notify exclude each other");
    }
    return wakeUps;
  }

  private static Limits limits(OptionParser values) {
    return new Limits(
        values.number(Option.SESSIONS_MAX, 1, 10_000_000),
        values.number(Option.PRINCIPAL_SESSIONS_MAX, 1, 1_000_000),
        values.number(Option.SESSION_CALLS_MAX, 1, 100_000),
        values.number(Option.SESSION_STREAMS_MAX, 1, 100_000),
        values.number(Option.SESSION_CONNECTIONS_MAX, 2, 100),
        values.number(Option.SESSION_QUESTIONS_MAX, 1, 10_000),
        values.number(Option.CALLS_MAX, 1, 1_000_000),
        values.number(Option.SESSION_TASKS_MAX, 1, 100_000),
        values.duration(Option.TASK_TTL_MAX, SECOND, Duration.ofDays(30)),
        values.bytes(Option.MESSAGE_BYTES_MAX, 4096, 64 * 1024 * 1024));
  }

  private static Trust trust(OptionParser values) {
    var trust =
        new Trust(
            values.text(Option.TRUSTED_PRINCIPAL_HEADER),
            values.networks(Option.TRUSTED_PROXIES),
            values.readableFile(Option.BEARER_TOKENS_FILE));
    if (trust.principalHeader.isPresent() && trust.proxies.isEmpty()) {
      throw new Refusal(
          "--trusted-principal-header needs --trusted-proxies: without it anybody"
              + " could name himself");
    }
    return trust;
  }
}
