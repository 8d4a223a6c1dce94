package trunkline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/// A proxy between an instance and PostgreSQL that knows the statements by their headings (`--
/// table.verb: why`) and makes a [StatementFault] of the next execution of one of them.
///
/// It speaks the protocol, version 3, without TLS; prepared statements are known by the name under
/// which they were parsed. A fault hits everything up to the next Sync: with the driver, one
/// statement, or one batch.
///
/// ```
/// cluster.with("database-url", proxy.url());
/// var armed = proxy.arm("streams.open", new StatementFault.AnswerLost());
/// …
/// armed.awaitHit(Duration.ofSeconds(10));
/// ```
public final class StatementProxy implements AutoCloseable {
  private static final Pattern TARGET = Pattern.compile("jdbc:postgresql://([^:/]+):(\\d+)(/.*)");

  private final ServerSocket door;
  private final InetSocketAddress target;
  private final String database;
  private final Set<StatementLink> links = ConcurrentHashMap.newKeySet();
  private final List<Armed> armed = new CopyOnWriteArrayList<>();
  private final Map<String, AtomicLong> passed = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Consumer<String> notices = _ -> {};
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("statements-", 0).factory());

  /// A proxy in front of the database that the URL names.
  public StatementProxy(String url) {
    var parts = TARGET.matcher(url);
    if (!parts.matches() || Driver.parseURL(url, null) == null) {
      throw new IllegalArgumentException("not a PostgreSQL JDBC URL: " + url);
    }
    target = new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2)));
    database = parts.group(3);
    try {
      door = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var _ = threads.submit(this::accept);
  }

  /// The same database, through here.
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + door.getLocalPort() + database;
  }

  /// Tells the listener what the server says besides its answers, on a thread of each connection.
  public StatementProxy onNotice(Consumer<String> listener) {
    notices = listener;
    return this;
  }

  /// Makes a fault of the next execution of the statement.
  public Armed arm(String statement, StatementFault fault) {
    return arm(statement, fault, 1);
  }

  /// Makes a fault of the next so many executions.
  public Armed arm(String statement, StatementFault fault, int times) {
    var one = new Armed(statement, fault, times);
    armed.add(one);
    return one;
  }

  /// The statements that came by since the start or since [#forget()], faults included.
  public Set<String> seen() {
    return new TreeSet<>(passed.keySet());
  }

  /// How often the statement came by.
  public long seen(String statement) {
    var count = passed.get(statement);
    return count == null ? 0 : count.get();
  }

  /// Forgets what came by so far.
  public void forget() {
    passed.clear();
  }

  @Override
  public void close() throws IOException {
    door.close();
    armed.clear();
    closing.countDown();
    links.forEach(StatementLink::cut);
    threads.close();
  }

  /// The fault that is armed for one of the statements, which is used up by asking.
  @Nullable StatementFault meet(List<String> statements) {
    statements.forEach(
        name -> passed.computeIfAbsent(name, _ -> new AtomicLong()).incrementAndGet());
    for (var one : armed) {
      if (statements.contains(one.statement) && one.take()) {
        return one.fault;
      }
    }
    return null;
  }

  /// Waits that long, or until the proxy closes.
  void stall(Duration time) throws InterruptedException {
    var _ = closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  void noticed(String notice) {
    notices.accept(notice);
  }

  void run(Runnable work) {
    var _ = threads.submit(work);
  }

  void ended(StatementLink link) {
    links.remove(link);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        var link = new StatementLink(this, door.accept(), new Socket());
        links.add(link);
        run(() -> link.open(target));
      } catch (IOException _) {
        // the door was closed, or the client went away at once
      }
    }
  }

  /// A fault that waits for its statement; when closed it waits no longer.
  public final class Armed implements AutoCloseable {
    private final String statement;
    private final StatementFault fault;
    private final AtomicInteger left;
    private final CountDownLatch hits;

    private Armed(String statement, StatementFault fault, int times) {
      this.statement = statement;
      this.fault = fault;
      this.left = new AtomicInteger(times);
      this.hits = new CountDownLatch(times);
    }

    private boolean take() {
      if (left.getAndUpdate(before -> Math.max(0, before - 1)) == 0) {
        return false;
      }
      hits.countDown();
      return true;
    }

    /// How many executions are still to be hit.
    public long left() {
      return hits.getCount();
    }

    /// Whether every execution that was asked for has been hit; waits for them for so long.
    public boolean isHit(Duration patience) throws InterruptedException {
      return hits.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Waits until every execution has been hit.
    public void awaitHit(Duration patience) throws InterruptedException {
      if (!isHit(patience)) {
        throw new AssertionError(
            statement + " was not executed within " + patience + "; seen: " + seen());
      }
    }

    @Override
    public void close() {
      armed.remove(this);
    }
  }
}
