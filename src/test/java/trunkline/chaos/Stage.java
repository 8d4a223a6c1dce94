package trunkline.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import trunkline.testing.Proxy;
import trunkline.testing.RoundRobin;

/// Three instances behind a balancer that sends each request to the next, on one PostgreSQL.
///
/// The balancer passes over who refuses connections; like the health check of a real one, the stage
/// takes out of it who hangs.
final class Stage implements AutoCloseable {
  static final String LEASE = "5s";

  private static final List<String> NAMES = List.of("a", "b", "c");

  private final Path folder;
  private final Postgres postgres;
  private final List<Seat> seats;
  private final List<URI> balanced = new CopyOnWriteArrayList<>();
  private final RoundRobin balancer;
  private final Proxy door;
  private volatile boolean hadFormer;

  Stage(Path folder, boolean pollOnly) {
    this.folder = folder;
    this.postgres = new Postgres(folder.resolve("postgres"));
    var settings =
        Map.of(
            "host", "127.0.0.1",
            "port", "0",
            "features", "sample",
            "database-pool-size", "4",
            "lease", LEASE,
            "keep-alive", "1s",
            "drain-delay", "0s",
            "drain-timeout", "2s",
            "poll-only", Boolean.toString(pollOnly));
    this.seats = NAMES.stream().map(name -> new Seat(name, postgres, settings)).toList();
    this.balancer = RoundRobin.over(balanced);
    this.door = new Proxy("127.0.0.1", balancer.url().getPort());
  }

  /// Starts all instances; the first one makes the tables.
  Stage open(Narrator narrator) {
    narrator.say("Three instances start, each a process, behind a balancer in round robin.");
    fill(seats.getFirst());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture.allOf(
              seats.stream()
                  .skip(1)
                  .map(seat -> CompletableFuture.runAsync(() -> fill(seat), threads))
                  .toArray(CompletableFuture[]::new))
          .join();
    }
    seats.forEach(seat -> narrator.say("Instance %s is ready.".formatted(seat)));
    return this;
  }

  void fill(Seat seat) {
    hadFormer |= !seat.release().isCurrent();
    seat.fill();
    balanced.add(seat.url());
  }

  /// What a health check does with who does not answer it.
  void takeOut(Seat seat) {
    balanced.remove(seat.url());
  }

  void bringBack(Seat seat) {
    balanced.add(seat.url());
  }

  List<Seat> seats() {
    return seats;
  }

  /// Whether each instance so far ran calls of others again where it may: the former release ended
  /// them.
  boolean runsAgain() {
    return !hadFormer;
  }

  /// The network between the clients and the balancer.
  Proxy door() {
    return door;
  }

  /// Where clients connect.
  URI url() {
    return URI.create("http://127.0.0.1:" + door.port() + "/mcp");
  }

  Postgres postgres() {
    return postgres;
  }

  /// A connection as an operator has it, past all proxies.
  Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", postgres.user());
    properties.setProperty("password", postgres.password());
    properties.setProperty("ApplicationName", "chaos");
    properties.setProperty("connectTimeout", "3");
    properties.setProperty("socketTimeout", "10");
    return DriverManager.getConnection(postgres.url(), properties);
  }

  void sql(String statement) throws SQLException {
    try (var connection = connect();
        var prepared = connection.createStatement()) {
      prepared.execute(statement);
    }
  }

  /// Leaves what the instances said beside PostgreSQL's own log.
  void keepLogs() {
    try {
      for (var seat : seats) {
        Files.writeString(
            folder.resolve("instance-" + seat.instance().id() + ".log"), seat.instance().text());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Removes what is left after a run in which nothing was wrong.
  void forget() {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends all of it, whatever fails on the way.
  @Override
  public void close() {
    try (postgres;
        balancer;
        door) {
      closeAll(seats.iterator());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void closeAll(Iterator<Seat> rest) {
    if (rest.hasNext()) {
      try {
        rest.next().close();
      } finally {
        closeAll(rest);
      }
    }
  }
}
