package trunkline.protocol.listen;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.announcement.AnnouncementKind;
import trunkline.announcement.Announcements;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.RpcException;
import trunkline.memory.HeldMemory;
import trunkline.session.Principal;
import trunkline.session.PrincipalCounter;
import trunkline.stream.ClientGone;
import trunkline.stream.Outlet;
import trunkline.stream.Outlet.Feed;
import trunkline.task.TaskKey;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The clients without a session that listen on this instance, and what they are told.
public final class Listens implements AutoCloseable {
  private final PrincipalCounter ofPrincipals;
  private final IntSupplier instance;
  private final EventSink events;
  private final Set<ListenStream> held = ConcurrentHashMap.newKeySet();
  private final Map<Hint, Set<ListenStream>> wanting = new ConcurrentHashMap<>();
  private final Map<TaskKey, Hint.TaskChanged> wanted = new ConcurrentHashMap<>();
  private final Queue<ListenStream> leaving = new ConcurrentLinkedQueue<>();
  private volatile Stage stage = Stage.STAYING;

  private enum Stage {
    STAYING,
    /// Sends its streams away, and those that come all the same a moment later.
    LEAVING,
    /// Ends whatever comes at once.
    CLOSED
  }

  /// Why a stream is no more; the words are a meter's tag.
  private enum End {
    DRAINED("drained"),
    CLIENT_LEFT("client left"),
    SLOW("slow"),
    DISMISSED("dismissed"),
    ABANDONED("abandoned");

    private final String text;

    End(String text) {
      this.text = text;
    }
  }

  /// @param ofPrincipalMax streams of one principal
  /// @param instance the number of this instance, which changes when it was fenced
  public Listens(int ofPrincipalMax, IntSupplier instance, EventSink events) {
    this.ofPrincipals = new PrincipalCounter(ofPrincipalMax);
    this.instance = instance;
    this.events = events;
  }

  /// Tells what is announced from now on, on any instance or by SQL.
  public void hear(Announcements announcements) {
    for (var list : ChangedList.values()) {
      announcements.on(
          list.announced(), changed -> tell(new Hint.ListChanged(list), changed.about()));
    }
    announcements.on(
        AnnouncementKind.RESOURCE_UPDATED,
        updated -> tell(new Hint.ResourceUpdated(updated.about())));
    announcements.onGap(this::doubt);
  }

  /// Tells those who want to hear of it. Does not block.
  public void tell(Hint hint) {
    wanting.getOrDefault(hint, Set.of()).forEach(stream -> stream.tell(hint));
  }

  /// The same to those of one principal; to all without a name.
  private void tell(Hint hint, String principal) {
    for (var stream : wanting.getOrDefault(hint, Set.of())) {
      if (principal.isEmpty() || stream.principal().name().equals(principal)) {
        stream.tell(hint);
      }
    }
  }

  /// The tasks that somebody wants to hear of, with what tells them.
  public Map<TaskKey, Runnable> tasks() {
    var tasks = new HashMap<TaskKey, Runnable>();
    for (var hint : wanted.values()) {
      tasks.put(hint.key(), () -> tell(hint));
    }
    return tasks;
  }

  /// Something may have been missed: each is told all that it asked for. Does not block.
  public void doubt() {
    held.forEach(ListenStream::doubt);
  }

  /// Begins to listen for a client.
  ///
  /// @param tasks the client's
  /// @param server what the server says of itself when it ends the stream
  /// @return has to be run: it has a place
  /// @throws RpcException when its principal listens as often as it may
  public Feed open(
      Principal principal,
      RequestId id,
      Filter filter,
      ClientTasks tasks,
      Supplier<ObjectNode> server) {
    enter(principal);
    return client -> {
      try {
        HeldMemory.here().release(); // the request was read, and only the filter is left of it
        HeldMemory.here().note(filter.weight());
        hold(new ListenStream(principal, id, filter, tasks, server), id, client);
      } finally {
        ofPrincipals.remove(principal);
      }
    };
  }

  private void enter(Principal principal) {
    if (!ofPrincipals.add(principal)) {
      events.emit(new ServerEvent.LimitReached("principal-listens-max"));
      throw RpcException.limitReached(
          "the principal listens on " + ofPrincipals.max() + " streams of this instance",
          "principal-listens-max",
          ofPrincipals.max(),
          "one stream may be for all that a client wants to hear of");
    }
  }

  /// The stream is known before it is acknowledged: what changes after that is told.
  private void hold(ListenStream stream, RequestId id, Outlet client) throws InterruptedException {
    var end = End.ABANDONED;
    add(stream);
    events.emit(new ServerEvent.ListenOpened(instance.getAsInt(), id.encoded()));
    try {
      if (stage == Stage.CLOSED) {
        stream.end();
      }
      stream.run(client, stage == Stage.LEAVING);
      end = client.isDismissed() ? End.DISMISSED : End.DRAINED;
    } catch (ClientGone e) {
      end =
          switch (e.why()) {
            case SLOW -> End.SLOW;
            case LEFT -> End.CLIENT_LEFT;
            case DISMISSED -> End.DISMISSED;
          };
      throw e;
    } catch (InterruptedException e) {
      end = End.CLIENT_LEFT; // what an interrupt of the connection means
      throw e;
    } finally {
      remove(stream);
      events.emit(new ServerEvent.ListenClosed(instance.getAsInt(), id.encoded(), end.text));
    }
  }

  private void add(ListenStream stream) {
    held.add(stream);
    for (var hint : stream.filter().hints()) {
      wanting.compute(
          hint,
          (_, streams) -> {
            if (hint instanceof Hint.TaskChanged task) {
              wanted.put(task.key(), task);
            }
            return with(streams, stream);
          });
    }
  }

  private static Set<ListenStream> with(@Nullable Set<ListenStream> streams, ListenStream stream) {
    var known = streams == null ? ConcurrentHashMap.<ListenStream>newKeySet(1) : streams;
    known.add(stream);
    return known;
  }

  private void remove(ListenStream stream) {
    for (var hint : stream.filter().hints()) {
      wanting.computeIfPresent(
          hint,
          (_, streams) -> {
            streams.remove(stream);
            if (streams.isEmpty() && hint instanceof Hint.TaskChanged task) {
              wanted.remove(task.key());
            }
            return streams.isEmpty() ? null : streams;
          });
    }
    leaving.remove(stream);
    held.remove(stream);
  }

  /// How many listen here.
  public int held() {
    return held.size();
  }

  /// Every stream is to end: those that are here with [#closeNext] or [#closeRest], others soon
  /// after they came.
  ///
  /// @return how many are here
  public int leave() {
    stage = Stage.LEAVING;
    var here = new ArrayList<>(held);
    Collections.shuffle(here); // so that those who came together are not sent away together
    leaving.clear();
    leaving.addAll(here);
    return here.size();
  }

  /// Ends so many of those.
  public void closeNext(int atMost) {
    for (int i = 0; i < atMost; i++) {
      var next = leaving.poll();
      if (next == null) {
        return;
      }
      next.end();
    }
  }

  /// Ends all that are left.
  public void closeRest() {
    leaving.clear();
    held.forEach(ListenStream::end);
  }

  /// How many were told to end and are still here.
  public int leaving() {
    return Math.toIntExact(held.stream().filter(ListenStream::isEnding).count());
  }

  /// Takes [#leave()] back.
  public void stay() {
    stage = Stage.STAYING;
  }

  /// Ends all, and whatever still comes.
  @Override
  public void close() {
    stage = Stage.CLOSED;
    closeRest();
  }
}
