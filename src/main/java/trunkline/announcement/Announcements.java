package trunkline.announcement;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.memory.MemoryBudget;
import trunkline.memory.MemoryShort;
import trunkline.session.SessionKey;
import trunkline.session.Sessions;
import trunkline.signal.Doorbells;
import trunkline.signal.InstanceId;
import trunkline.signal.Loop;
import trunkline.signal.Pace;
import trunkline.signal.Signals;
import trunkline.signal.Subscription;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.store.Database;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The announcements to every instance: one log, read once by each instance, followed by cursor.
/// The promises are in the package's documentation.
public final class Announcements implements AutoCloseable {
  private static final long LOG = 1;
  private static final long BUFFER = 2;

  /// Rung after this instance has read something new: what its followers wait for.
  ///
  /// Both wake-ups keep one topic with two ids (3 and 4 are those of who remembers sessions): `n1`
  /// is what the migrations' functions and the releases that run beside this one send, and a new
  /// letter would be unknown to them.
  public static final Wake BUFFER_GREW = new Wake(Topic.ANNOUNCEMENTS, BUFFER);

  /// Sent after something was written: what each instance's reader waits for. The functions of the
  /// migrations send it too.
  static final Wake LOG_GREW = new Wake(Topic.ANNOUNCEMENTS, LOG);

  private final AnnouncementRows log;
  private final LogReader reader;
  private final Doorbells doorbells;
  private final Pace pace;
  private final AnnouncementPolicy policy;
  private final EventSink events;
  private final Outbox outbox;
  private @Nullable Subscription subscription;
  private @Nullable Loop loop;

  /// @param instance the id of this instance just now
  public Announcements(
      Database database,
      Supplier<InstanceId> instance,
      Sessions sessions,
      Signals signals,
      AnnouncementPolicy policy,
      MemoryBudget memory,
      EventSink events) {
    this.log =
        new AnnouncementRows(
            database,
            instance,
            memory,
            count -> {
              signals.waker().wakeAll(LOG_GREW);
              events.emit(new ServerEvent.Announced(count));
            });
    this.reader =
        new LogReader(
            log,
            uris -> sessions.subscriptions().subscribers(uris),
            sessions::ofPrincipals,
            signals.doorbells(),
            signals.pace(),
            policy,
            events);
    this.doorbells = signals.doorbells();
    this.pace = signals.resting(signals.pace(), () -> doorbells.ring(LOG_GREW));
    this.policy = policy;
    this.events = events;
    this.outbox = new Outbox(new OutboxRows(database), signals, events);
  }

  /// Reads the log from its newest entry on, now and whenever it grows.
  public synchronized void start() {
    var bell = doorbells.subscribe(List.of(LOG_GREW)); // before the first read
    readOnce();
    subscription = bell;
    loop =
        Loop.start(
            "trunkline-announcements",
            bell.bell(),
            pace,
            this::readOnce,
            failure ->
                events.emit(
                    new ServerEvent.AnnouncementsUnread(String.valueOf(failure.getMessage()))));
  }

  /// Announces to every instance, once even if retried after an unknown outcome.
  ///
  /// @param about a URI, a session key, a [CancelledCall]; by kind
  /// @param payload for clients one line of UTF-8, final
  /// @return its id, after the commit
  /// @throws MemoryShort when too much waits to be stored
  public CompletableFuture<Long> announce(AnnouncementKind kind, String about, byte[] payload) {
    if (payload.length > AnnouncementPolicy.PAYLOAD_BYTES_MAX) {
      throw new MessageTooLarge(
          "an announcement",
          payload.length,
          AnnouncementPolicy.PAYLOAD_BYTES_MAX,
          "for everybody, so it is never more");
    }
    var fault = AnnouncementCheck.fault(kind, about, payload);
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException("cannot be announced: " + fault);
    }
    return log.append(kind, about, payload);
  }

  /// Notifies every session that a list changed.
  ///
  /// @param kind of the lists, for instance [AnnouncementKind#TOOLS_CHANGED]
  public CompletableFuture<Long> listChanged(AnnouncementKind kind) {
    var list =
        switch (kind) {
          case TOOLS_CHANGED -> "tools";
          case RESOURCES_CHANGED -> "resources";
          case PROMPTS_CHANGED -> "prompts";
          case RESOURCE_UPDATED,
              BROADCAST,
              SESSION_CHANGED,
              CALL_CANCELLED,
              RATES_CHANGED,
              DATABASE_RESTORED ->
              throw new IllegalArgumentException(kind + " is not about a list");
        };
    return notify(kind, "", "notifications/" + list + "/list_changed");
  }

  /// Notifies the resource's subscribers of an update.
  public CompletableFuture<Long> resourceUpdated(String uri) {
    var params = Codec.object().put("uri", uri);
    return announce(
        AnnouncementKind.RESOURCE_UPDATED,
        uri,
        Codec.encode(new Message.Notification("notifications/resources/updated", params)));
  }

  /// Sends a notification to every session.
  public CompletableFuture<Long> broadcast(Message.Notification notification) {
    return announce(AnnouncementKind.BROADCAST, "", Codec.encode(notification));
  }

  private CompletableFuture<Long> notify(AnnouncementKind kind, String about, String method) {
    return announce(kind, about, Codec.encode(new Message.Notification(method, Codec.object())));
  }

  /// The last announcement that this instance has read.
  public long head() {
    return reader.head();
  }

  /// The entries for a session after its cursor: from memory, or from the log for one that is
  /// further behind. A cursor above the log's end is told of a gap and goes on at the end, but only
  /// after the log was read once more: another instance may have read further than this one.
  ///
  /// @param max entries at most
  public AnnouncementPage after(long cursor, SessionKey session, int max) {
    return reader.after(cursor, session, max);
  }

  /// Calls the listener with every announcement of the kind from now on, in order, on the thread
  /// that reads the log: it must not block.
  public void on(AnnouncementKind kind, Consumer<Announcement> listener) {
    reader.on(kind, listener);
  }

  /// Calls the listener whenever announcements may have been missed by those of [#on], on the same
  /// thread and under the same rule: after a start or [#restart()], when the log was trimmed past
  /// what was read or put back, when a row could not be read. What was announced before the call is
  /// in the database by then; what comes later is heard.
  public void onGap(Runnable listener) {
    reader.onGap(listener);
  }

  /// Calls the listener, on the same thread, when those of [#on] and [#onGap] have heard everything
  /// up to an announcement.
  public void onHead(LongConsumer listener) {
    reader.onHead(listener);
  }

  /// Reads what is new in the log. Its followers and listeners hear of it before this returns.
  ///
  /// @return whether there was anything
  public boolean readOnce() {
    return reader.readOnce();
  }

  /// Somebody has seen the log and the outbox, with a look of its own.
  ///
  /// @param newest the highest id, 0 when there is none
  /// @param handedIn whether there is anything in the outbox
  public void noticed(long newest, boolean handedIn) {
    if (reader.isBehind(newest)) {
      doorbells.ring(LOG_GREW);
    }
    if (handedIn) {
      outbox.ring();
    } else {
      outbox.seenEmpty();
    }
  }

  /// Forgets what was read, as at a start: for an instance that has registered anew, perhaps in a
  /// database that was restored or swapped. Asks nothing of the database.
  public void restart() {
    reader.restart();
  }

  /// Removes announcements older than the retention; any number of instances may do it at once.
  ///
  /// @return how many; as many as `rowsMax` means there may be more
  public int sweep(int rowsMax) {
    return log.trim(policy.retention(), rowsMax);
  }

  /// The requests of SQL callers.
  public Outbox outbox() {
    return outbox;
  }

  /// Reads no more and announces no more.
  @Override
  public synchronized void close() {
    outbox.close();
    if (loop != null) {
      loop.close();
    }
    if (subscription != null) {
      subscription.close();
    }
    log.close();
  }
}
