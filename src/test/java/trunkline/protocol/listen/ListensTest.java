package trunkline.protocol.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RequestId;
import trunkline.session.Principal;
import trunkline.signal.InstanceId;
import trunkline.stream.ClientGone;
import trunkline.stream.Outlet;
import trunkline.task.DetailedTask;
import trunkline.task.TaskId;
import trunkline.task.TaskKey;
import trunkline.telemetry.ServerEvent;

/// Streams whose client reads as slowly as the test says.
class ListensTest {
  private static final ClientTasks NO_TASKS =
      new ClientTasks() {
        @Override
        public Map<TaskId, TaskKey> keys(Collection<TaskId> ids) {
          return Map.of();
        }

        @Override
        public Optional<DetailedTask> find(TaskId id) {
          return Optional.empty();
        }
      };

  private static final Hint TOOLS = new Hint.ListChanged(ChangedList.TOOLS);
  private static final Hint WEATHER = new Hint.ResourceUpdated("w");

  private final BlockingQueue<ServerEvent> events = new LinkedBlockingQueue<>();
  private final Listens listens = new Listens(2, () -> 1, events::add);

  /// Gets each flush once it may.
  private static final class SlowClient implements Outlet {
    final Semaphore reads = new Semaphore(0);
    final BlockingQueue<List<String>> flushed = new LinkedBlockingQueue<>();
    private final List<String> frames = new ArrayList<>();
    volatile boolean gone;

    @Override
    public void message(@Nullable String eventId, byte[] payload) {
      assertThat(eventId).isNull();
      frames.add(new String(payload, StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {
      flushed.add(List.copyOf(frames));
      frames.clear();
      reads.acquireUninterruptibly();
      if (gone) {
        throw new ClientGone(ClientGone.Cause.SLOW, new IllegalStateException("it reads no more"));
      }
    }

    List<String> next() throws InterruptedException {
      var next = flushed.poll(20, TimeUnit.SECONDS);
      assertThat(next).as("written").isNotNull();
      return next;
    }

    @Override
    public void prime(String eventId, Duration retry) {}

    @Override
    public void cursor(String eventId) {}

    @Override
    public void comment() {
      frames.add(":");
    }

    @Override
    public void hint(InstanceId instance) {}

    @Override
    public void retry(Duration wait) {}

    @Override
    public boolean isOpen() {
      return !gone;
    }

    @Override
    public void whenQuiet(Runnable ring) {}

    @Override
    public boolean isQuiet() {
      return false;
    }
  }

  private Thread listen(SlowClient client, Hint... hints) {
    var filter = new Filter(new LinkedHashSet<>(List.of(hints)));
    var feed =
        listens.open(Principal.ANONYMOUS, new RequestId.Whole(7), filter, NO_TASKS, Codec::object);
    return Thread.ofVirtual()
        .start(() -> {
          try {
            feed.run(client);
          } catch (ClientGone | InterruptedException _) {
            // its connection would be closed
          }
        });
  }

  @Test
  void who_is_not_acknowledged_yet_hears_all_the_same() throws Exception {
    var client = new SlowClient();
    listen(client, TOOLS);
    assertThat(client.next()).singleElement().asString().contains("acknowledged");
    listens.tell(TOOLS); // while the acknowledgement is on its way
    client.reads.release();

    assertThat(client.next()).singleElement().asString().contains("tools/list_changed");
  }

  @Test
  void a_client_that_reads_slowly_is_told_each_thing_once() throws Exception {
    var client = new SlowClient();
    listen(client, TOOLS, WEATHER);
    client.next();
    for (var i = 0; i < 10_000; i++) {
      listens.tell(TOOLS);
      listens.tell(WEATHER);
      listens.tell(new Hint.ResourceUpdated("other"));
    }
    client.reads.release(10);

    assertThat(client.next()).hasSize(2);
    listens.tell(WEATHER);
    assertThat(client.next()).singleElement().asString().contains("\"uri\":\"w\"");
  }

  @Test
  void a_doubt_tells_each_all_that_it_asked_for() throws Exception {
    var both = new SlowClient();
    var one = new SlowClient();
    both.reads.release(10);
    one.reads.release(10);
    listen(both, TOOLS, WEATHER);
    listen(one, WEATHER);
    both.next();
    one.next();

    listens.doubt();

    assertThat(both.next()).hasSize(2);
    assertThat(one.next()).singleElement().asString().contains("resources/updated");
  }

  @Test
  void what_waits_is_written_before_the_result() throws Exception {
    var client = new SlowClient();
    var stream = listen(client, TOOLS);
    client.next();
    listens.tell(TOOLS);
    assertThat(listens.leave()).isOne();
    listens.closeNext(1);
    assertThat(listens.leaving()).isOne();
    client.reads.release(10);

    assertThat(client.next())
        .satisfiesExactly(
            told -> assertThat(told).contains("tools/list_changed"),
            last -> assertThat(last).contains("\"id\":7", "\"resultType\":\"complete\""));
    stream.join();
    assertThat(listens.held()).isZero();
    assertThat(events)
        .containsExactly(
            new ServerEvent.ListenOpened(1, "7"), new ServerEvent.ListenClosed(1, "7", "drained"));
  }

  @Test
  void whoever_comes_after_the_close_is_acknowledged_and_ended() throws Exception {
    listens.close();
    var client = new SlowClient();
    client.reads.release(10);
    listen(client, TOOLS).join();

    assertThat(client.next()).singleElement().asString().contains("acknowledged");
    assertThat(client.next()).singleElement().asString().contains("complete");
  }

  @Test
  void a_client_that_is_gone_is_forgotten() throws Exception {
    var client = new SlowClient();
    var stream = listen(client, TOOLS, WEATHER);
    client.next();
    client.gone = true;
    client.reads.release();
    stream.join();

    assertThat(listens.held()).isZero();
    assertThat(events).contains(new ServerEvent.ListenClosed(1, "7", "slow"));
    listens.tell(TOOLS);
    listens.doubt();
    assertThat(client.flushed).isEmpty();
  }

  @Test
  void a_filter_keeps_the_order_of_what_was_asked_for() {
    assertThat(new Filter(new LinkedHashSet<>(List.of(WEATHER, TOOLS))).hints())
        .containsExactly(WEATHER, TOOLS);
    assertThat(new Filter(Set.of()).json()).isEmpty();
  }
}
