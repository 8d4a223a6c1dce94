package trunkline.stream;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionId;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Database;

/// Who is connected where, in the whole cluster, as of now: for programs what the view
/// `stream_directory` is for SQL. And the one thing to do about it: to send a session elsewhere.
public final class StreamDirectory {
  private final HoldingRows rows;

  public StreamDirectory(Database database) {
    this.rows = new HoldingRows(database);
  }

  /// A stream and its holder.
  ///
  /// @param standalone false for a call's
  /// @param instance that holds it; null when nobody does
  /// @param epoch counts its connections
  /// @param closedAt null while it is held
  /// @param closeReason why its latest connection has ended, as the view spells it
  /// @param finishedAt since when nothing more is written to it
  public record Place(
      SessionId session,
      StreamId stream,
      boolean standalone,
      @Nullable InstanceId instance,
      long epoch,
      @Nullable Instant openedAt,
      @Nullable Instant closedAt,
      @Nullable String closeReason,
      @Nullable Instant finishedAt) {}

  /// What became of the wish that a session moves.
  public enum Migration {
    /// Its holder closes the stream as soon as it reads the wish, and tells the client where to go.
    MOVED,
    ALREADY_THERE,
    /// The session has ended, or never was.
    UNKNOWN_SESSION,
    UNKNOWN_INSTANCE,
    /// It is silent, drained, dead or has left.
    INSTANCE_NOT_READY,
    /// There is nothing to close: wherever the client comes back to, there it is.
    NO_OPEN_STREAM,
    /// Before 2025-11-25 no stream is closed early: the session stays until its client reconnects.
    OLDER_REVISION,
    /// Its holder's release knows no such wish.
    OLDER_RELEASE;

    static Migration of(String words) {
      return valueOf(words.replace(' ', '_').toUpperCase(Locale.ROOT));
    }
  }

  /// The streams of a session, the standalone one first.
  public List<Place> ofSession(SessionId session) {
    return rows.ofSession(session);
  }

  /// The instance that a session is connected to: that of its standalone stream, else that of its
  /// newest call.
  public Optional<InstanceId> instanceOf(SessionId session) {
    return rows.instanceOf(session);
  }

  /// What an instance holds, by stream. Looks at every stream of the cluster.
  ///
  /// @param after the last stream of the page before
  public List<Place> ofInstance(InstanceId instance, StreamId after, int max) {
    return rows.ofInstance(instance, after, max);
  }

  /// Sends a session's standalone stream to another instance, as the SQL function does: its holder
  /// closes it with a `retry` and the number of the other one, and the client's next GET, wherever
  /// it lands, goes on at the next message. Calls stay where they are.
  public Migration migrate(SessionId session, InstanceId to) {
    return Migration.of(rows.migrate(session.value(), to));
  }
}
