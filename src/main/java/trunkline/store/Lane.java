package trunkline.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import trunkline.telemetry.Pulse;

/// Answers many questions with one statement: questions that arrive while a batch is in flight form
/// the next one.
///
/// The work must be repeatable: a batch whose outcome is unknown, or that met a lock, is run again.
/// When a batch is refused for its content, its questions are asked one by one, so that a bad one
/// fails alone. An [Error] fails what is asked and ends the process: nobody would serve the lane.
///
/// @param <Q> a question
/// @param <A> its answer
public final class Lane<Q, A> implements AutoCloseable {
  private static final long PAUSE_MILLIS = 100;

  private final LanePolicy policy;
  private final Batch<Q, A> work;
  private final Intake<Asked<Q, A>> intake;
  private final Thread thread;

  /// Answers the questions, in their order, on the lane's thread ([Database#runHere]).
  @FunctionalInterface
  public interface Batch<Q, A> {
    List<A> answer(List<Q> questions);
  }

  private record Asked<Q, A>(Q question, CompletableFuture<A> answer, long askedNanos) {}

  public Lane(String name, LanePolicy policy, Batch<Q, A> work) {
    this.policy = policy;
    this.work = work;
    this.intake =
        new Intake<>(policy.queueMax(), (asked, why) -> asked.answer().completeExceptionally(why));
    this.thread = Clockwork.start(name, this::serve);
  }

  /// Asks; the answer comes after the statement has committed. Waits while the queue is full, which
  /// an interrupt ends; an interrupted thread's question still gets in where there is room.
  public CompletableFuture<A> submit(Q question) {
    var asked = new Asked<Q, A>(question, new CompletableFuture<>(), Clockwork.nanos());
    intake.submit(asked);
    return asked.answer();
  }

  /// The same for a caller that must not wait; null while the queue is full.
  public @Nullable CompletableFuture<A> submitUnlessFull(Q question) {
    var asked = new Asked<Q, A>(question, new CompletableFuture<>(), Clockwork.nanos());
    return intake.offer(asked) ? asked.answer() : null;
  }

  /// Asks and waits for the answer.
  public A ask(Q question) {
    return Database.await(submit(question));
  }

  private void serve() {
    var batch = new ArrayList<Asked<Q, A>>(policy.batchMax());
    try {
      while (intake.isOpen()) {
        Pulse.beat();
        var first = intake.next(PAUSE_MILLIS);
        if (first != null) {
          batch.add(first);
          intake.drainTo(batch, policy.batchMax() - 1);
          answer(batch);
          batch.clear();
        }
      }
    } catch (InterruptedException e) {
      // only close() interrupts, after the thread's grace period
      batch.forEach(a -> a.answer().completeExceptionally(new CancellationException("stopping")));
    } finally {
      intake.end();
    }
  }

  private void answer(List<Asked<Q, A>> batch) throws InterruptedException {
    while (true) {
      Pulse.beat();
      try {
        var answers = work.answer(batch.stream().map(Asked::question).toList());
        for (int i = 0; i < batch.size(); i++) {
          batch.get(i).answer().complete(answers.get(i));
        }
        return;
      } catch (DatabaseUnavailable | DatabaseBusy e) {
        giveUpOnOld(batch, e);
        if (batch.isEmpty()) {
          return;
        }
        Clockwork.pause(PAUSE_MILLIS);
      } catch (RuntimeException e) {
        if (batch.size() == 1) {
          batch.getFirst().answer().completeExceptionally(e);
        } else {
          for (var alone : batch) {
            answer(new ArrayList<>(List.of(alone)));
          }
        }
        return;
      } catch (Error e) {
        batch.forEach(asked -> asked.answer().completeExceptionally(e));
        throw e; // and its pulse ends the process
      }
    }
  }

  private void giveUpOnOld(List<Asked<Q, A>> batch, DatabaseFailure why) {
    var oldest = Clockwork.nanos() - policy.patience().toNanos();
    batch.removeIf(asked -> {
      var old = intake.isClosed() || asked.askedNanos() - oldest <= 0;
      if (old) {
        asked.answer().completeExceptionally(why);
      }
      return old;
    });
  }

  /// Answers the queued questions, then ends; those not answered in time fail.
  @Override
  public void close() {
    intake.close();
    try {
      if (!thread.join(Duration.ofSeconds(10))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
