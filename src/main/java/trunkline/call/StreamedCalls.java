package trunkline.call;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import trunkline.jsonrpc.RpcException;
import trunkline.session.CallId;
import trunkline.session.SessionKey;
import trunkline.signal.Waker;
import trunkline.signal.Waking;
import trunkline.store.Database;
import trunkline.stream.ClaimedStream;
import trunkline.stream.Outlet.Feed;
import trunkline.stream.StreamWriter;
import trunkline.stream.Streams;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Calls that have become streams: opened by their instance, cancelled from anywhere.
public final class StreamedCalls {
  private final CallStore store;
  private final Streams streams;
  private final Waking waker;
  private final int sessionStreamsMax;
  private final EventSink events;

  /// @param sessionStreamsMax calls of one session that are streams at a time, in the cluster
  public StreamedCalls(
      Database database, Streams streams, Waker waker, int sessionStreamsMax, EventSink events) {
    this(new CallRows(database), streams, waker, sessionStreamsMax, events);
  }

  StreamedCalls(
      CallStore store, Streams streams, Waking waker, int sessionStreamsMax, EventSink events) {
    this.store = store;
    this.streams = streams;
    this.waker = waker;
    this.sessionStreamsMax = sessionStreamsMax;
    this.events = events;
  }

  /// Makes calls a stream that this instance writes and holds. Empty: the session has ended. To be
  /// repeated with the same start when the outcome is unknown.
  ///
  /// @param primes whether the client's revision knows events without data
  /// @throws RpcException when the session runs a call of such an id, or too many streams
  public Optional<CallStream> open(CallStart start, boolean primes) {
    return switch (store.open(start, sessionStreamsMax)) {
      case CallStore.Opened.Gone() -> Optional.empty();
      case CallStore.Opened.Running() ->
          throw RpcException.invalidRequest("the session is running a request of this id already");
      case CallStore.Opened.Full() -> throw tooMany();
      case CallStore.Opened.Rows(var stream, var calls) ->
          Optional.of(
              new CallStream(
                  streams.writer(start.session(), stream, ClaimedStream.FIRST_EPOCH),
                  ClaimedStream.opened(start.session(), stream, primes),
                  calls));
    };
  }

  private RpcException tooMany() {
    events.emit(new ServerEvent.LimitReached("session-streams-max"));
    return RpcException.limitReached(
        "the session has " + sessionStreamsMax + " calls that are streams",
        "session-streams-max",
        sessionStreamsMax,
        "wait for one to end");
  }

  /// The feed of the connection that made the calls.
  public Feed feed(CallStream stream) {
    return streams.feed(stream.claimed().orElseThrow(), stream::isReleased);
  }

  /// Closes the connection that made the call; the call goes on, and its client comes back for the
  /// rest (MCP 2025-11-25, Transports: the server may disconnect before the response). That of a
  /// call that is run again ended with the instance that had it.
  public void release(CallStream stream) {
    stream.release();
    stream.claimed().ifPresent(streams::release);
  }

  /// Cancels a call wherever it runs: by its row when it is a stream, else by an announcement, of
  /// which a session gets only so many. MCP allows to ignore the others.
  public void cancel(SessionKey session, String requestId, String reason) {
    var cancelled = store.cancel(session, requestId, reason);
    cancelled.wakes().sendBy(waker);
    if (cancelled.limited()) {
      events.emit(new ServerEvent.LimitReached("session-cancels"));
    }
  }

  /// What former runs of a call did once, by the steps' names.
  public Map<String, String> steps(CallId call) {
    return store.steps(call);
  }

  /// Remembers what a step gave, for a next run; runs to its end even when interrupted. To be
  /// repeated when the outcome is unknown.
  ///
  /// @param outcome JSON text
  /// @return what is remembered under the name; empty when this is not the call's writer any more,
  ///   or the call has ended
  public Optional<String> remember(StreamWriter writer, CallId call, String name, String outcome) {
    return store.remember(call, writer.epoch(), name, outcome);
  }

  /// The calls among these that their clients cancelled, with the reasons.
  public Map<CallId, String> cancelledAmong(List<CallId> running) {
    return running.isEmpty() ? Map.of() : store.cancelledAmong(running);
  }
}
