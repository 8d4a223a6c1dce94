package trunkline.protocol.listen;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.protocol.wire.Envelope;
import trunkline.protocol.wire.TasksExtension;
import trunkline.session.Principal;
import trunkline.signal.Doorbell;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.stream.ClientGone;
import trunkline.stream.Outlet;
import trunkline.task.DetailedTask;
import trunkline.task.TaskKey;

/// One client that listens, on the thread of its connection: acknowledged first, then told what
/// waits for it, kept alive where there is nothing, and ended with a result (MCP 2026-07-28,
/// Subscriptions). Its messages have no event ids: nothing is replayed, its client asks anew.
final class ListenStream {
  private static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";

  /// For one that came to an instance that sends its streams away: its client would come again at
  /// once.
  private static final int STAY_MILLIS_MAX = 1_000;

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Principal principal;
  private final RequestId id;
  private final Filter filter;
  private final ClientTasks tasks;
  private final Supplier<ObjectNode> server;
  private final WaitingHints waiting;
  private final Doorbell bell = new Doorbell();
  private final Map<TaskKey, Integer> said = new HashMap<>();
  private boolean unread;
  private volatile boolean ending;

  /// @param tasks of its client
  /// @param server what it says of itself in the end
  ListenStream(
      Principal principal,
      RequestId id,
      Filter filter,
      ClientTasks tasks,
      Supplier<ObjectNode> server) {
    this.principal = principal;
    this.id = id;
    this.filter = filter;
    this.tasks = tasks;
    this.server = server;
    this.waiting = new WaitingHints(filter.first());
  }

  Principal principal() {
    return principal;
  }

  Filter filter() {
    return filter;
  }

  boolean isEnding() {
    return ending;
  }

  /// Does not block.
  void tell(Hint hint) {
    waiting.add(hint);
    bell.ring();
  }

  /// Something may have been missed, so all that it asked for may have changed. Does not block.
  void doubt() {
    waiting.addAll(filter.hints());
    bell.ring();
  }

  /// Ends it: what waits is written, then the result. Does not block.
  void end() {
    ending = true;
    bell.ring();
  }

  /// Writes to the client until the end. Whoever tells must know it by then.
  ///
  /// @param leaving whether this instance sends its streams away
  /// @throws ClientGone when the client is
  void run(Outlet client, boolean leaving) throws InterruptedException {
    client.whenQuiet(bell::ring);
    client.message(null, acknowledgement());
    client.flush();
    if (leaving) {
      var stay = ThreadLocalRandom.current().nextInt(STAY_MILLIS_MAX / 2, STAY_MILLIS_MAX);
      var _ = bell.await(Duration.ofMillis(stay));
      end();
    }
    while (!write(client)) {
      if (unread) {
        var _ = bell.await(AGAIN);
      } else {
        bell.await();
      }
    }
  }

  /// @return whether that was all
  private boolean write(Outlet client) {
    if (client.isDismissed()) {
      client.goodbye(result()); // without what waits, which is not for it any more
      return true;
    }
    var last = ending; // read first: what was told before the end is written
    var hints = waiting.take();
    unread = false;
    hints.forEach(hint -> say(client, hint));
    if (last) {
      client.message(null, result());
      client.flush();
    } else if (!hints.isEmpty()) {
      client.flush();
    } else if (client.isQuiet()) {
      client.comment();
      client.flush();
    }
    return last;
  }

  private byte[] acknowledgement() {
    var params = Codec.object();
    params.set("notifications", filter.json());
    return notification("notifications/subscriptions/acknowledged", params);
  }

  private void say(Outlet client, Hint hint) {
    switch (hint) {
      case Hint.ListChanged(var list) ->
          client.message(null, notification(list.method(), Codec.object()));
      case Hint.ResourceUpdated(var uri) ->
          client.message(
              null,
              notification("notifications/resources/updated", Codec.object().put("uri", uri)));
      case Hint.TaskChanged task -> look(task).ifPresent(seen -> client.message(null, said(seen)));
    }
  }

  /// How the task stands, unless that was said. One that cannot be read now is looked at again in a
  /// moment; one that is gone is not spoken of.
  private Optional<DetailedTask> look(Hint.TaskChanged task) {
    try {
      return tasks
          .find(task.id())
          .filter(seen ->
              !Objects.equals(said.put(task.key(), seen.task().changes()), seen.task().changes()));
    } catch (DatabaseUnavailable | DatabaseBusy e) {
      waiting.add(task);
      unread = true;
      return Optional.empty();
    }
  }

  private byte[] said(DetailedTask task) {
    return notification("notifications/tasks", TasksExtension.json(task));
  }

  private byte[] notification(String method, ObjectNode params) {
    params.set("_meta", meta());
    return Codec.encode(new Message.Notification(method, params));
  }

  private byte[] result() {
    var result = Codec.object().put("resultType", "complete");
    result.set("_meta", meta().set(Envelope.SERVER_INFO, server.get()));
    return Codec.encode(new Response.Success(id, result));
  }

  /// `7` and `"7"` are two ids.
  private ObjectNode meta() {
    var meta = Codec.object();
    meta.set(SUBSCRIPTION, id.json());
    return meta;
  }
}
