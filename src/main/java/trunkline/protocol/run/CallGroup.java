package trunkline.protocol.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import trunkline.call.CallStream;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcError;
import trunkline.memory.HeldMemory;
import trunkline.protocol.round.Moment;
import trunkline.session.CallId;
import trunkline.store.Database;
import trunkline.stream.Published;
import trunkline.stream.StreamWriter;

/// The calls of one POST: one call, or the calls of a 2025-03-26 batch, which share a stream.
///
/// ```
///   LATENT ──all answered──▶ one JSON document
///      └──first message, or 2 s──▶ STREAMING: messages and responses go through the database
/// ```
///
/// While latent nothing is stored. The upgrade stores the calls; from then on they can be
/// cancelled, resumed and taken over. Whoever upgrades does so without the lock: a session whose
/// row is locked delays its own calls only.
final class CallGroup {
  private final int calls;
  private final boolean batch;
  private final Opening opening;
  private final Consumer<RuntimeException> onPostponed;
  private final List<Answer> answers = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition tried = lock.newCondition();
  private final CountDownLatch decided = new CountDownLatch(1);
  private volatile @Nullable CallStream stream;
  private boolean sessionGone;

  /// Whether somebody makes the calls a stream just now.
  private boolean trying;

  private boolean postponed;

  /// Makes the calls a stream; empty when their session has ended. To be repeated when it failed.
  @FunctionalInterface
  interface Opening {
    Optional<CallStream> open();
  }

  /// The end of a call: its response's bytes, none when it was cancelled.
  ///
  /// @param error what the response says, if it is one
  /// @param stored completes when the stream has it, if there is one
  @SuppressWarnings("ArrayRecordComponent")
  private record Answer(
      int call,
      byte @Nullable [] response,
      @Nullable RpcError error,
      CompletableFuture<Published> stored) {}

  /// @param onPostponed told once why the calls could not become a stream when they were due to
  CallGroup(int calls, boolean batch, Opening opening, Consumer<RuntimeException> onPostponed) {
    this.calls = calls;
    this.batch = batch;
    this.opening = opening;
    this.onPostponed = onPostponed;
  }

  /// The calls of a stream that another instance began.
  CallGroup(CallStream stream) {
    this(stream.calls().size(), false, () -> Optional.of(stream), _ -> {});
    this.stream = stream;
    decided.countDown();
  }

  /// A call's place in the group.
  ///
  /// @param asked what the calls hold as long as one of them runs
  record Place(CallGroup group, int index, HeldMemory asked) {
    /// The call's row, once the calls are a stream.
    Optional<CallId> row() {
      return Optional.ofNullable(group.stream).map(stream -> stream.calls().get(index));
    }

    /// Ends the call with its response. Returns after the commit when the calls are a stream.
    ///
    /// @param error what the response says, if it is one
    void answer(byte[] response, @Nullable RpcError error) {
      group.end(index, response, error);
    }

    /// Notes that the call is about to be left to another instance.
    void handOn() {
      row().ifPresent(_ -> group.requireStream().writer().handOn());
    }

    /// Leaves the call unfinished, and its stream with it, to whoever takes it over.
    ///
    /// @return the stream's writer
    StreamWriter leaveToAnother() {
      var writer = group.requireStream().writer();
      writer.leave();
      return writer;
    }

    /// Ends a cancelled call, which has no response.
    void leave() {
      group.end(index, null, null);
    }
  }

  /// Waits until all calls are answered or one sends a message before that; after the patience they
  /// become a stream anyway, so that the client sees a sign of life.
  Calls.Turn await(Duration patience) throws InterruptedException {
    Moment.until(() -> decided.getCount() == 0);
    while (!decided.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      upgrade();
    }
    lock.lock();
    try {
      if (stream != null) {
        return new Calls.Turn.Streaming(stream);
      }
      if (sessionGone) {
        return new Calls.Turn.SessionGone();
      }
      var responses =
          answers.stream()
              .sorted(Comparator.comparingInt(Answer::call)) // as they were asked
              .map(Answer::response)
              .filter(response -> response != null)
              .toList();
      if (responses.isEmpty()) {
        return new Calls.Turn.Silent();
      }
      return batch
          ? new Calls.Turn.Answered(Codec.batch(responses), null)
          : new Calls.Turn.Answered(responses.getFirst(), answers.getFirst().error());
    } finally {
      lock.unlock();
    }
  }

  /// Calls that cannot become a stream now, for whatever reason, stay latent: waiting loses
  /// nothing, and a handler that runs has an answer that its client wants.
  private void upgrade() throws InterruptedException {
    try {
      var _ = stream();
    } catch (RuntimeException e) {
      if (!postponed) { // tried again after the next patience; a call that sends gets the error
        postponed = true;
        onPostponed.accept(e);
      }
    }
  }

  /// The stream of the calls; the first caller makes it, others wait until it has tried. Empty when
  /// the session has ended, or all calls are answered.
  Optional<CallStream> stream() throws InterruptedException {
    lock.lock();
    try {
      while (trying) {
        tried.await();
      }
      if (stream != null || sessionGone || answers.size() == calls) {
        return Optional.ofNullable(stream);
      }
      trying = true;
    } finally {
      lock.unlock();
    }
    return upgraded();
  }

  private Optional<CallStream> upgraded() {
    var opened = Optional.<CallStream>empty();
    List<Answer> early = List.of(); // given while the batch was latent
    var done = false;
    try {
      opened = opening.open();
      done = true;
    } finally {
      lock.lock();
      try {
        trying = false;
        tried.signalAll();
        if (done) {
          stream = opened.orElse(null);
          sessionGone = opened.isEmpty();
          early = List.copyOf(answers);
          decided.countDown();
        }
      } finally {
        lock.unlock();
      }
    }
    for (var answer : early) {
      opened.ifPresent(to -> store(to, answer, false));
    }
    return opened;
  }

  private CallStream requireStream() {
    return Objects.requireNonNull(stream);
  }

  private void end(int call, byte @Nullable [] response, @Nullable RpcError error) {
    var answer = new Answer(call, response, error, new CompletableFuture<>());
    CallStream to;
    List<Answer> before;
    lock.lock();
    try {
      while (trying && answers.size() + 1 == calls) {
        tried.awaitUninterruptibly(); // whether the last answer goes to a stream is decided there
      }
      before = List.copyOf(answers);
      answers.add(answer);
      to = stream;
      if (to == null && answers.size() == calls) {
        decided.countDown();
      }
    } finally {
      lock.unlock();
    }
    if (to != null) {
      var last = before.size() + 1 == calls;
      if (last) { // it ends the stream, so the others come first
        before.forEach(other -> other.stored().handle((_, _) -> true).join());
      }
      store(to, answer, last);
      Database.await(answer.stored());
    }
  }

  private static void store(CallStream stream, Answer answer, boolean last) {
    try {
      var call = stream.calls().get(answer.call());
      var response = answer.response();
      var writer = stream.writer();
      var storing =
          response == null ? writer.finish(call, last) : writer.answer(call, response, last);
      var _ =
          storing.whenComplete((stored, failure) -> {
            if (failure == null) {
              answer.stored().complete(stored);
            } else {
              answer.stored().completeExceptionally(failure);
            }
          });
    } catch (RuntimeException | Error e) { // or whoever waits for it waits for ever
      answer.stored().completeExceptionally(e);
    }
  }
}
