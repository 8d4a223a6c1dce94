package trunkline.stream;

import java.util.concurrent.CompletableFuture;
import trunkline.session.CallId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.trace.ChildSpan;

/// The writer's side of a call's stream, which has one writer at a time. Everything goes through
/// the stream's lane, so what is acknowledged is in order.
///
/// Each future completes after the commit; [Published.Refused] means that this writer was replaced
/// or the session ended, and nothing more will be accepted.
public final class StreamWriter {
  private final Publisher publisher;
  private final SessionKey session;
  private final StreamId stream;
  private final int epoch;
  private volatile boolean handedOn;

  StreamWriter(Publisher publisher, SessionKey session, StreamId stream, int epoch) {
    this.publisher = publisher;
    this.session = session;
    this.stream = stream;
    this.epoch = epoch;
  }

  public SessionKey session() {
    return session;
  }

  public StreamId stream() {
    return stream;
  }

  /// Under which this writer may write.
  public int epoch() {
    return epoch;
  }

  /// Whether another instance wrote the stream before.
  public boolean isTakenOver() {
    return epoch > ClaimedStream.FIRST_EPOCH;
  }

  /// Notes that the calls of the stream are about to be left to another instance.
  public void handOn() {
    handedOn = true;
  }

  public boolean isHandedOn() {
    return handedOn;
  }

  /// Leaves the stream unfinished to whoever takes it over.
  public void leave() {
    publisher.leave(stream, epoch);
  }

  /// Stores a notification.
  public CompletableFuture<Published> write(byte[] payload) {
    return published(new StreamWrite.Notice(stream, epoch, payload));
  }

  /// Stores a question to the client together with its pending request.
  public CompletableFuture<Published> ask(byte[] payload, Question question) {
    return published(new StreamWrite.Ask(stream, epoch, payload, question));
  }

  /// Stores the response of a call; the last one ends the stream in the same statement.
  public CompletableFuture<Published> answer(CallId call, byte[] payload, boolean last) {
    return published(new StreamWrite.Answer(stream, epoch, payload, call, last));
  }

  /// Finishes a call without a response: a cancelled call has none (MCP 2025-11-25, Cancellation).
  public CompletableFuture<Published> finish(CallId call, boolean last) {
    return published(new StreamWrite.NoAnswer(stream, epoch, call, last));
  }

  /// For the request that the calling thread serves, if it is one.
  private CompletableFuture<Published> published(StreamWrite write) {
    var span = ChildSpan.publish();
    return span == ChildSpan.NONE
        ? publisher.publish(write)
        : publisher.publish(write).whenComplete((_, _) -> span.close());
  }

  /// Ends the stream, whose calls are finished already.
  public CompletableFuture<Published> end() {
    return published(new StreamWrite.End(stream, epoch));
  }
}
