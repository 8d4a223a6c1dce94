package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.announcement.Announcement;
import trunkline.announcement.AnnouncementPage;
import trunkline.memory.HeldMemory;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;
import trunkline.store.Clockwork;
import trunkline.store.Database;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.stream.MessageStore.Page;
import trunkline.stream.MessageStore.ReadRequest;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The reader of one held stream: on the thread of the client's connection it takes what is there,
/// writes it, and waits at its bell. Keyed by stream *and* epoch: when a client comes back to this
/// instance, the former follower and the new one exist side by side for a moment.
final class Follower {
  /// Catches what a live read cannot see: a message in an older leaf (delivery: S12).
  private static final long LOOK_EVERYWHERE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int ANNOUNCEMENTS_MAX = 100;

  /// Of what was read, until it is written: as rows, and as frames.
  private static final long PAGE_COPIES = 2;

  private static final int ANY =
      WakeFlags.NEWS
          | WakeFlags.PAGE
          | WakeFlags.ANNOUNCED
          | WakeFlags.QUIET
          | WakeFlags.CLOSE
          | WakeFlags.RELEASE
          | WakeFlags.MOVE;

  private final HeldMemory held = HeldMemory.here();
  private final ClaimedStream claimed;
  private final ReadLanes lanes;
  private final @Nullable Announced announced;
  private final Supplier<List<byte[]>> gapNotice;
  private final WakeFlags bell;
  private final ReadAhead ahead;
  private final EventSink events;
  private final AtomicReference<@Nullable InstanceId> movesTo = new AtomicReference<>();
  private volatile EventId cursor;
  private EventId written;
  private long numbers;
  private int slot;
  private boolean behind;
  private boolean replaying = true;
  private long lookedEverywhereNanos;

  /// The ways to end, except by [ClientGone].
  enum End {
    /// All of a finished stream was written.
    ENDED,
    /// Another holder has it.
    SUPERSEDED,
    /// A call's stream lost messages that this client has not seen.
    GAP,
    /// This instance closes its connections.
    CLOSING,
    /// The call let its connection go; the client comes back for the rest.
    RELEASED,
    /// Its session is wanted on another instance.
    MOVED
  }

  /// The announcements for a session after its cursor.
  @FunctionalInterface
  interface Announced {
    AnnouncementPage after(long cursor, SessionKey session, int max);
  }

  Follower(
      ClaimedStream claimed,
      ReadLanes lanes,
      @Nullable Announced announced,
      Supplier<List<byte[]>> gapNotice,
      WakeFlags bell,
      EventSink events) {
    this.claimed = claimed;
    this.lanes = lanes;
    this.announced = announced;
    this.gapNotice = gapNotice;
    this.bell = bell;
    this.ahead = new ReadAhead(lanes, bell);
    this.events = events;
    this.cursor = claimed.from();
    this.written = claimed.from();
    this.slot = claimed.quietSlot();
    this.behind = slot == ClaimedStream.UNKNOWN;
    this.lookedEverywhereNanos = Clockwork.nanos();
  }

  ReadRequest request() {
    return new ReadRequest(claimed.stream(), claimed.epoch(), cursor.own());
  }

  ClaimedStream claimed() {
    return claimed;
  }

  EventId cursor() {
    return cursor;
  }

  /// Sends the client to another instance.
  ///
  /// @return false: it was sent before
  boolean move(InstanceId to) {
    if (movesTo.compareAndSet(null, to)) {
      ring(WakeFlags.MOVE);
      return true;
    }
    return false;
  }

  /// Where its client was sent, if it was.
  @Nullable InstanceId movesTo() {
    return movesTo.get();
  }

  void ring(int button) {
    bell.ring(button);
  }

  /// The stream may have something new.
  void news() {
    ahead.ring();
  }

  /// Follows until the stream ends or is taken over.
  ///
  /// @throws ClientGone when the socket is closed or stuck
  End run(Outlet outlet, Duration retry) throws InterruptedException {
    if (claimed.primed()) {
      numbers++;
    } else if (claimed.primes()) {
      outlet.prime(nextText(), retry);
      outlet.flush();
    }
    if (claimed.known() != null && !sendGap(outlet, claimed.known())) {
      return End.CLOSING;
    }
    var rung = WakeFlags.NEWS | WakeFlags.ANNOUNCED;
    while (true) {
      var end = (rung & WakeFlags.PAGE) == 0 ? null : drain(outlet, ahead.take(request()));
      if (end == null && (rung & WakeFlags.NEWS) != 0) {
        end = drain(outlet, null);
      }
      if (end != null) {
        return end;
      }
      if ((rung & WakeFlags.ANNOUNCED) != 0) {
        if (!announce(outlet)) {
          return End.CLOSING;
        }
      }
      if ((rung & WakeFlags.QUIET) != 0) {
        keepAlive(outlet);
      }
      rung = ahead.await(ANY, request());
      if ((rung & WakeFlags.CLOSE) != 0) {
        return lastLook(outlet, End.CLOSING);
      }
      if ((rung & WakeFlags.RELEASE) != 0) {
        return lastLook(outlet, End.RELEASED);
      }
      if ((rung & WakeFlags.MOVE) != 0) {
        return lastLook(outlet, End.MOVED);
      }
    }
  }

  /// Writes what is stored by now, rung or not: a client whose revision has no event id of a silent
  /// call could never fetch it.
  private End lastLook(Outlet outlet, End why) throws InterruptedException {
    var end = drain(outlet, null);
    if (end == null) {
      var _ = announce(outlet);
    }
    return end == End.ENDED || end == End.GAP ? end : why;
  }

  /// Writes pages until one is not full; only such a page may end the stream (delivery: S7).
  ///
  /// @param first what was read ahead for this place
  private @Nullable End drain(Outlet outlet, @Nullable Page first) throws InterruptedException {
    var read = first;
    while (true) {
      if (!held.hasRoom()) {
        return End.CLOSING; // short of memory: the client comes back for what is stored
      }
      var everywhere = mustLookEverywhere();
      var page = read != null && !everywhere ? read : awaited(asked(everywhere), outlet);
      read = null;
      if (page == null) {
        return End.CLOSING;
      }
      if (!(page instanceof Page.Found found)) {
        return End.SUPERSEDED;
      }
      if (!everywhere && found.slot() != slot) {
        behind = true; // a rotation: what is in an older leaf comes before what was read
        continue;
      }
      if (found.trimmedThrough() > cursor.own()) {
        if (!claimed.standalone()) {
          return End.GAP;
        }
        if (!sendGap(outlet, cursor.withOwn(found.trimmedThrough()))) {
          return End.CLOSING;
        }
        continue;
      }
      write(outlet, found, replaying);
      if (found.full()) {
        behind = true;
        continue;
      }
      if (found.finished()) {
        return End.ENDED;
      }
      slot = found.slot();
      behind = false;
      replaying = false;
      return null;
    }
  }

  private CompletableFuture<Page> asked(boolean everywhere) {
    return everywhere ? lanes.catchUp(request()) : lanes.live(request());
  }

  private boolean mustLookEverywhere() {
    var now = Clockwork.nanos();
    if (!behind && now - lookedEverywhereNanos < LOOK_EVERYWHERE_NANOS) {
      return false;
    }
    lookedEverywhereNanos = now;
    return true;
  }

  /// While the database is away the client is kept with comments.
  ///
  /// @return null when there is no time left to wait
  private <T> @Nullable T awaited(CompletableFuture<T> answer, Outlet outlet)
      throws InterruptedException {
    var _ = answer.whenComplete((_, _) -> bell.ring(WakeFlags.ANSWER));
    while (!answer.isDone()) {
      var rung = bell.await(WakeFlags.ANSWER | WakeFlags.QUIET | WakeFlags.CUT);
      if ((rung & WakeFlags.CUT) != 0) {
        return null;
      }
      if ((rung & WakeFlags.QUIET) != 0) {
        keepAlive(outlet);
      }
    }
    return Database.await(answer);
  }

  /// Asks what blocks and does not repeat by itself; kept with comments all the same.
  ///
  /// @return null when there is no time left to wait
  private <T> @Nullable T held(Supplier<T> question, Outlet outlet) throws InterruptedException {
    try {
      return question.get();
    } catch (DatabaseUnavailable | DatabaseBusy e) {
      return awaited(lanes.repeated(question), outlet);
    }
  }

  private void write(Outlet outlet, Page.Found page, boolean replayed) {
    var messages = page.messages();
    if (messages.isEmpty()) {
      return;
    }
    var readNanos = Clockwork.nanos();
    var next = cursor;
    var bytes = PAGE_COPIES * messages.stream().mapToLong(m -> m.payload().length).sum();
    held.note(bytes);
    try {
      for (var message : messages) {
        next = next.withOwn(message.eventId());
        outlet.message(next.text(), message.payload());
      }
      outlet.flush();
    } finally {
      held.giveBack(bytes);
    }
    moved(next);
    var micros = page.oldestMicros() + (Clockwork.nanos() - readNanos) / 1_000;
    delivered(messages.size(), replayed, micros);
  }

  /// @return false when there is no memory for more: the client comes back for it
  private boolean announce(Outlet outlet) throws InterruptedException {
    if (announced == null) {
      return true;
    }
    while (true) {
      if (!held.hasRoom()) {
        return false;
      }
      var before = cursor.announcement();
      var news = held(() -> announced.after(before, claimed.session(), ANNOUNCEMENTS_MAX), outlet);
      if (news == null) {
        return true;
      }
      if (news.gap()) { // and go on with what is still kept
        var next = news.entries().isEmpty() ? cursor.withAnnouncement(news.cursor()) : cursor;
        if (!sendGap(outlet, next)) {
          return true;
        }
      }
      var next = cursor;
      if (!news.entries().isEmpty()) {
        next = write(outlet, news.entries());
        written = next;
        delivered(news.entries().size(), true, 0);
      }
      cursor = next.withAnnouncement(news.cursor());
      if (!news.more()) {
        return true;
      }
    }
  }

  private EventId write(Outlet outlet, List<Announcement> entries) {
    var next = cursor;
    var bytes = PAGE_COPIES * entries.stream().mapToLong(entry -> entry.payload().length).sum();
    held.note(bytes);
    try {
      for (var entry : entries) {
        next = next.withAnnouncement(entry.id());
        outlet.message(next.text(), entry.payload());
      }
      outlet.flush();
      return next;
    } finally {
      held.giveBack(bytes);
    }
  }

  /// @return false when there is no time left to wait for what is to be told
  private boolean sendGap(Outlet outlet, EventId next) throws InterruptedException {
    var notices = held(gapNotice, outlet);
    if (notices == null) {
      return false;
    }
    for (var notice : notices) {
      outlet.message(next.text(), notice);
    }
    outlet.flush();
    moved(next);
    events.emit(new ServerEvent.GapTold(claimed.stream().value()));
    return true;
  }

  private void delivered(int messages, boolean replayed, long micros) {
    events.emit(
        new ServerEvent.MessagesDelivered(claimed.stream().value(), messages, replayed, micros));
  }

  private void moved(EventId next) {
    cursor = next;
    written = next;
  }

  /// A client of 2025-11-25 learns a cursor that moved without a message; others get a comment.
  private void keepAlive(Outlet outlet) {
    if (!outlet.isQuiet()) {
      return;
    }
    if (claimed.primes() && !written.equals(cursor)) {
      outlet.cursor(nextText());
      written = cursor;
    } else {
      outlet.comment();
    }
    outlet.flush();
  }

  private String nextText() {
    return cursor.text(claimed.epoch(), numbers++);
  }
}
