package trunkline.bench;

import java.io.IOException;
import java.util.List;

/// What an open stream takes of the heap while nothing happens on it. Each round looks again at the
/// same streams, which have got comments meanwhile.
final class StreamHeap implements Row {
  private static final int STREAMS = 10_000;
  private static final int WARM_UP = 500;

  /// In which so many have to have room.
  private static final String HEAP = "-Xmx384m";

  @Override
  public String word() {
    return "stream-heap";
  }

  @Override
  public String title() {
    return "heap of an idle stream, 10,000 open with " + HEAP;
  }

  @Override
  public String floor() {
    return "";
  }

  @Override
  public String unit() {
    return "KB";
  }

  @Override
  public Target target() {
    return Target.atMost(16);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    Descriptors.require(STREAMS + WARM_UP);
    var bare = new Held(stage.bareServer());
    var first = stage.server();
    var sessions = NewSessions.open(first.address(), WARM_UP + STREAMS);
    first.close();
    var server = stage.server(HEAP);
    var warmUp = sessions.subList(0, WARM_UP);
    var opened = sessions.subList(WARM_UP, sessions.size());
    var floor = bare.open(warmUp, opened);
    bare.close();
    var product = new Held(server);
    var _ = product.open(warmUp, opened);
    return new Trial() {
      @Override
      public Round round() throws Exception {
        return Round.alone(product.kilobytes())
            .with("KB of bare Helidon's event stream", floor)
            .with("MB resident", Resident.megabytes(server));
      }

      @Override
      public void close() {
        product.close();
      }
    };
  }

  /// Streams of a server, and what its heap was before.
  private static final class Held implements AutoCloseable {
    private final Worker server;
    private final OpenedStreams streams;
    private long before;
    private int count;

    Held(Worker server) throws IOException {
      this.server = server;
      this.streams = new OpenedStreams(server.address());
    }

    double open(List<String> first, List<String> sessions) throws Exception {
      var _ = streams.open(first);
      before = server.heap();
      count = sessions.size();
      var _ = streams.open(sessions);
      return kilobytes();
    }

    double kilobytes() throws Exception {
      var heap = server.heap();
      streams.requireOpen();
      return (heap - before) / 1024.0 / count;
    }

    @Override
    public void close() {
      streams.close();
      server.close();
    }
  }
}
