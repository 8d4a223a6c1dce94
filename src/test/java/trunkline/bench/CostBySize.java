package trunkline.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// What something takes in a database that is full, beside the same in one that is nearly empty;
/// through an instance, as a client sees it. In the full one each round takes sessions that nobody
/// has touched before.
final class CostBySize implements Row {
  enum Act {
    LOOK_UP("size-look-up", "a call in a session"),
    CLAIM("size-claim", "a stream opened"),
    READ("size-read", "a stream opened again, and what it missed read"),
    PUBLISH("size-publish", "a message kept, 32 senders");

    private final String word;
    private final String title;

    Act(String word, String title) {
      this.word = word;
      this.title = title;
    }
  }

  private static final int SESSIONS = 500;
  private static final int SENDERS = 32;
  private static final int SESSIONS_OF_A_CALL = 8;

  private final Effort effort;
  private final GrownDatabases databases;
  private final Act act;

  CostBySize(Effort effort, GrownDatabases databases, Act act) {
    this.effort = effort;
    this.databases = databases;
    this.act = act;
  }

  @Override
  public String word() {
    return act.word;
  }

  @Override
  public String title() {
    return "%s, with %,d sessions and %,d messages"
        .formatted(act.title, databases.many(), databases.many() * LivingSessions.MESSAGES_EACH);
  }

  @Override
  public String floor() {
    return "with %,d and %,d"
        .formatted(GrownDatabases.FEW, GrownDatabases.FEW * LivingSessions.MESSAGES_EACH);
  }

  @Override
  public String unit() {
    return "µs";
  }

  @Override
  public Target target() {
    return Target.atMost(1.3);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    var small = new Side(databases.small(stage), GrownDatabases.FEW);
    var big = new Side(databases.big(stage), databases.many());
    var end = System.nanoTime() + effort.warmUp().toNanos();
    while (System.nanoTime() < end) {
      small.again(small.take());
      big.again(big.take());
    }
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var few = small.take();
        var many = big.take();
        var least = small.again(few);
        var ours = big.again(many);
        return Round.of(least, ours)
            .with("µs again, of the same sessions", big.again(many))
            .with("floor µs again", small.again(few));
      }

      @Override
      public void close() {
        small.close();
        big.close();
      }
    };
  }

  /// A session of those that are measured.
  ///
  /// @param eventId before its oldest message
  private record Client(String session, String eventId) {}

  private final class Side {
    private final Stage stage;
    private final Worker server;
    private final int sessions;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);

    private Side(Stage stage, int sessions) throws Exception {
      this.stage = stage;
      this.server =
          act == Act.LOOK_UP ? GrownDatabases.forgetting(stage) : GrownDatabases.server(stage);
      this.sessions = sessions;
    }

    private List<Client> take() throws SQLException {
      List<String> ids = new ArrayList<>();
      ThreadLocalRandom.current()
          .ints(1, sessions + 1)
          .distinct()
          .limit(SESSIONS)
          .forEach(number -> ids.add(LivingSessions.id(number)));
      if (act != Act.READ) {
        return ids.stream().map(id -> new Client(id, "")).toList();
      }
      List<Client> clients = new ArrayList<>();
      try (var connection = stage.connect();
          var statement =
              connection.prepareStatement(
                  """
                  select s.session_id, t.stream_id || '.' || (select min(event_id) - 1 from trunkline.outbound_messages m where m.stream_id = t.stream_id)
                         || '.' || (select coalesce(max(id), 0) from trunkline.announcements)
                    from trunkline.sessions s join trunkline.streams t using (session_key) where s.session_id = any (?)
                  """)) {
        statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            clients.add(new Client(rows.getString(1), rows.getString(2)));
          }
        }
      }
      return clients;
    }

    /// In microseconds: the median of all of them, or where they send at the same time, the time by
    /// their number.
    private double again(List<Client> clients) throws Exception {
      if (act == Act.PUBLISH) {
        return 1e6 / published();
      }
      var times = new Samples();
      try (var wire = act == Act.LOOK_UP ? Wire.to(server.address()) : null) {
        for (var client : clients) {
          times.add(nanos(client, wire));
        }
      }
      return times.micros(0.5);
    }

    private long nanos(Client client, @Nullable Wire kept) throws IOException {
      return switch (act) {
        case LOOK_UP -> {
          var heard = new Heard(0);
          yield heard.nanos(kept, Requests.echo(client.session), buffer);
        }
        case CLAIM -> stream(Requests.stream(client.session), 0);
        default ->
            stream(Requests.resume(client.session, client.eventId), LivingSessions.MESSAGES_EACH);
      };
    }

    private long stream(ByteBuffer request, int messages) throws IOException {
      try (var wire = Wire.to(server.address())) {
        return new Heard(messages).nanos(wire, request, buffer);
      }
    }

    /// Messages a second, each when the one before is kept.
    private double published() throws Exception {
      var start = System.nanoTime();
      var end = start + effort.time().toNanos();
      var sent = 0L;
      try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Long>> all = new ArrayList<>();
        for (var sender = 0; sender < SENDERS; sender++) {
          all.add(senders.submit(sender(server.address(), sender + 1, end)));
        }
        for (var each : all) {
          sent += each.get();
        }
      }
      return sent / ((System.nanoTime() - start) / 1e9);
    }

    /// @param own its own session, over which it calls
    private Callable<Long> sender(InetSocketAddress address, int own, long end) {
      return () -> {
        var sent = 0L;
        try (var wire = Wire.to(address)) {
          while (System.nanoTime() < end) {
            List<String> ids = new ArrayList<>(List.of(LivingSessions.id(own)));
            while (ids.size() < SESSIONS_OF_A_CALL) {
              ids.add(LivingSessions.id(ThreadLocalRandom.current().nextInt(sessions) + 1));
            }
            var text = Text.of(wire, Requests.flood(ids, 0, 1, 40, 0, 0)).require();
            if (!text.text().contains("\"sent\"")) {
              throw new IllegalStateException("a wrong answer: " + text.text());
            }
            sent += SESSIONS_OF_A_CALL;
          }
        }
        return sent;
      };
    }

    private void close() {
      server.close();
    }
  }

  /// One answer: whole, or of a stream so many messages; of none the first event.
  private static final class Heard implements Answer, Events.Reader {
    private final int wanted;
    private final Events events = new Events(this);
    private boolean isStream;
    private int lines;
    private int messages;
    private int status;

    private Heard(int wanted) {
      this.wanted = wanted;
    }

    private long nanos(@Nullable Wire wire, ByteBuffer request, ByteBuffer buffer)
        throws IOException {
      if (wire == null) {
        throw new IllegalStateException("no connection");
      }
      var start = System.nanoTime();
      wire.send(request, this);
      while (status == 0 && !(isStream && lines > 0 && messages >= wanted)) {
        wire.requireRead(buffer);
      }
      var nanos = System.nanoTime() - start;
      if (status != 0 && status != 200) {
        throw new IOException("status " + status);
      }
      return nanos;
    }

    @Override
    public void begin(int status, byte[] head, int headBytes) {
      var text = new String(head, 0, headBytes, StandardCharsets.US_ASCII);
      isStream = text.contains("text/event-stream");
    }

    @Override
    public void body(ByteBuffer part) {
      events.body(part);
    }

    @Override
    public void line(byte[] line, int length) {
      lines++;
      if (length > 6 && line[0] == 'd' && line[6] == '{') {
        messages++;
      }
    }

    @Override
    public void over(String why) {}

    @Override
    public void end(int status) {
      this.status = status;
    }
  }
}
