package trunkline.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Many clients, each with a session and its stream. What they hear is checked: the numbers of each
/// stream follow each other, so that nothing is lost, doubled, inverted or somebody else's.
final class Audience implements AutoCloseable {
  private static final int AT_ONCE = 32;
  private static final int SECONDS_MAX = 30;
  private static final int WARM_UPS_MAX = 10;

  /// By which a warm-up has to be faster than those before, for another one.
  private static final double FASTER = 1.03;

  private static final Duration LOOK = Duration.ofNanos(200_000);

  private final Reactor reactor;
  private final List<String> sessions;
  private final List<Member> members = new ArrayList<>();
  private final NumberedMessage message = new NumberedMessage();
  private Samples times = new Samples();
  private volatile long heard;
  private volatile long lastNanos;
  private volatile @Nullable String wrong;

  private Audience(Reactor reactor, List<String> sessions) {
    this.reactor = reactor;
    this.sessions = sessions;
  }

  /// @param streamsAt where their streams are, in turn
  static Audience of(int size, InetSocketAddress sessionsAt, List<InetSocketAddress> streamsAt)
      throws Exception {
    Descriptors.require(size);
    return listening(sessions(size, sessionsAt), streamsAt);
  }

  /// Clients of a server that knows no sessions.
  static Audience without(int size, InetSocketAddress server) throws Exception {
    Descriptors.require(size);
    return listening(Collections.nCopies(size, "none"), List.of(server));
  }

  private static Audience listening(List<String> sessions, List<InetSocketAddress> servers)
      throws Exception {
    var audience = new Audience(new Reactor(), sessions);
    var opening = new Semaphore(AT_ONCE);
    for (var i = 0; i < sessions.size(); i++) {
      audience.open(servers.get(i % servers.size()), sessions.get(i), opening);
    }
    audience.require(
        opening.tryAcquire(AT_ONCE, SECONDS_MAX, TimeUnit.SECONDS), "streams do not open");
    return audience;
  }

  private static List<String> sessions(int size, InetSocketAddress server)
      throws InterruptedException, ExecutionException {
    List<String> sessions = new ArrayList<>();
    try (var clients = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      var opened = new ArrayList<Future<String>>();
      for (var i = 0; i < size; i++) {
        opened.add(clients.submit(() -> Stage.session(server)));
      }
      for (var session : opened) {
        sessions.add(session.get());
      }
    }
    return sessions;
  }

  private void open(InetSocketAddress server, String session, Semaphore opening)
      throws IOException, InterruptedException {
    require(opening.tryAcquire(SECONDS_MAX, TimeUnit.SECONDS), "streams do not open");
    var member = new Member(opening);
    members.add(member);
    var wire = reactor.connect(server);
    reactor.run(() -> {
      try {
        wire.send(Requests.stream(session), new Events(member));
      } catch (IOException e) {
        member.over(e.toString());
      }
    });
  }

  private void require(boolean condition, String otherwise) {
    var first = wrong;
    if (first != null || !condition) {
      throw new IllegalStateException(first != null ? first : otherwise);
    }
  }

  List<String> sessions() {
    return sessions;
  }

  /// How many messages all of them have heard so far.
  long heard() {
    require(true, "");
    return heard;
  }

  /// When the last of them was heard.
  long lastNanos() {
    return lastNanos;
  }

  /// Waits until so many have been heard.
  void await(long messages) throws InterruptedException {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (heard() < messages && System.nanoTime() < end) {
      Pause.of(LOOK); // the reactor's thread must not signal each message
    }
    require(heard == messages, "%d messages were sent, and %d heard".formatted(messages, heard));
  }

  /// They send as much as they can, for so long, and all of it is heard.
  ///
  /// @return messages that were heard in a second of that time
  double most(Senders senders, Duration time) throws Exception {
    var before = heard();
    var start = System.nanoTime();
    senders.start(0);
    Pause.of(time);
    var heardMeanwhile = heard() - before;
    var seconds = (System.nanoTime() - start) / 1e9;
    await(senders.stop());
    return heardMeanwhile / seconds;
  }

  /// They send until it becomes no faster: for half a minute the compiler has a fifth of two
  /// processors, which is not what a server costs that runs. At most so many times.
  void warm(Senders senders, Duration time) throws Exception {
    var fastest = 0.0;
    for (var turn = 0; turn < WARM_UPS_MAX; turn++) {
      var rate = most(senders, time);
      if (rate < fastest * FASTER) {
        return;
      }
      fastest = Math.max(rate, fastest);
    }
  }

  /// The time that each message took since the last time this was asked.
  Samples times() {
    reactor.settle();
    var taken = times;
    reactor.run(() -> times = new Samples());
    reactor.settle();
    return taken;
  }

  /// One stream's reader.
  private final class Member implements Events.Reader {
    private @Nullable Semaphore opening;
    private int next;

    private Member(Semaphore opening) {
      this.opening = opening;
    }

    @Override
    public void line(byte[] line, int length) {
      if (message.read(line, length)) {
        hear();
      } else if (opening != null) { // the first event
        opening.release();
        opening = null;
      }
    }

    private void hear() {
      var now = System.nanoTime();
      if (message.number() != next) {
        wrong = "a stream heard message %d instead of %d".formatted(message.number(), next);
      }
      next++;
      times.add(now - message.nanos());
      lastNanos = now;
      var before = heard; // written by this thread alone
      heard = before + 1;
    }

    @Override
    public void over(String why) {
      if (wrong == null) {
        wrong = why;
      }
    }
  }

  @Override
  public void close() {
    reactor.close();
  }
}
