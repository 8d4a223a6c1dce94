package trunkline.protocol.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import trunkline.call.CallStream;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;
import trunkline.session.CallId;
import trunkline.store.Database;
import trunkline.store.DatabaseFailure;
import trunkline.stream.Published;

/// The calls of one POST: one call, or the calls of a 2025-03-26 batch, which share a stream.
///
/// ```
///   LATENT ──all answered──▶ one JSON document
///      └──first message, or 2 s──▶ STREAMING: messages and responses go through the database
/// ```
///
/// While latent nothing is stored. The upgrade stores the calls; from then on they can be
/// cancelled, resumed and taken over.
final class CallGroup {
  private final int calls;
  private final boolean batch;
  private final Opening opening;
  private final List<Answer> answers = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch decided = new CountDownLatch(1);
  private @Nullable CallStream stream;
  private boolean sessionGone;

  /// Makes the calls a stream; empty when their session has ended.
  @FunctionalInterface
  interface Opening {
    Optional<CallStream> open();
  }

  /// The end of a call: its response's bytes, none when it was cancelled.
  @SuppressWarnings("ArrayRecordComponent")
  private record Answer(int call, byte @Nullable [] response) {}

  CallGroup(int calls, boolean batch, Opening opening) {
    this.calls = calls;
    this.batch = batch;
    this.opening = opening;
  }

  /// A call's place in the group.
  record Place(CallGroup group, int index) {
    /// The call's row, once the calls are a stream.
    Optional<CallId> row() {
      return group.openStream().map(stream -> stream.calls().get(index));
    }

    /// Ends the call with its response. Returns after the commit when the calls are a stream.
    void answer(byte[] response) {
      group.end(index, response);
    }

    /// Ends a cancelled call, which has no response.
    void leave() {
      group.end(index, null);
    }
  }

  /// Waits until all calls are answered or one sends a message before that; after the patience they
  /// become a stream anyway, so that the client sees a sign of life.
  Calls.Turn await(Duration patience) throws InterruptedException {
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
      return new Calls.Turn.Answered(batch ? Codec.batch(responses) : responses.getFirst());
    } finally {
      lock.unlock();
    }
  }

  /// Calls that cannot become a stream now stay latent: waiting loses nothing.
  private void upgrade() {
    try {
      stream();
    } catch (DatabaseFailure | RpcException e) {
      // retried after the next patience; a call that sends gets the error
    }
  }

  /// The stream of the calls; the first caller makes it. Empty when the session has ended, or all
  /// calls are answered.
  Optional<CallStream> stream() {
    lock.lock();
    try {
      if (stream == null && !sessionGone && answers.size() < calls) {
        stream = opening.open().orElse(null);
        sessionGone = stream == null;
        if (stream != null) {
          for (var early : answers) { // answered while the batch was latent
            var _ = store(stream, early, false);
          }
        }
        decided.countDown();
      }
      return Optional.ofNullable(stream);
    } finally {
      lock.unlock();
    }
  }

  /// The stream, if the calls are one already.
  private Optional<CallStream> openStream() {
    lock.lock();
    try {
      return Optional.ofNullable(stream);
    } finally {
      lock.unlock();
    }
  }

  private void end(int call, byte @Nullable [] response) {
    CompletableFuture<Published> stored = null;
    lock.lock();
    try {
      var answer = new Answer(call, response);
      answers.add(answer);
      var last = answers.size() == calls;
      if (stream != null) {
        stored = store(stream, answer, last); // under the lock: the last one is handed in last
      } else if (last) {
        decided.countDown();
      }
    } finally {
      lock.unlock();
    }
    if (stored != null) {
      Database.await(stored);
    }
  }

  private static CompletableFuture<Published> store(
      CallStream stream, Answer answer, boolean last) {
    var call = stream.calls().get(answer.call());
    var response = answer.response();
    var writer = stream.writer();
    return response == null ? writer.finish(call, last) : writer.answer(call, response, last);
  }
}
