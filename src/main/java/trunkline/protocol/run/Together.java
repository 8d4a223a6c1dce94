package trunkline.protocol.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import trunkline.memory.HeldMemory;
import trunkline.store.Interruption;

/// Asks several questions at once, each on a thread of its own, so that their client sees all of
/// them before it has answered one.
final class Together {
  private Together() {}

  /// The outcomes in the order of the questions; the first failure among them ends the others.
  static <Q, A> List<A> ask(List<Q> questions, Function<Q, A> ask) {
    if (questions.size() == 1) {
      return List.of(ask.apply(questions.getFirst()));
    }
    var held = HeldMemory.here();
    var threads = new ArrayList<Thread>();
    var answers = new ArrayList<CompletableFuture<A>>();
    for (var question : questions) {
      var answer = new CompletableFuture<A>();
      answers.add(answer);
      threads.add(
          Thread.ofVirtual()
              .name("question")
              .start(() -> held.run(() -> complete(answer, () -> ask.apply(question)))));
    }
    try {
      for (var answer : answers) {
        answer.exceptionally(failure -> {
          threads.forEach(Thread::interrupt);
          throw new CompletionException(failure);
        });
      }
      var all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
      var _ = all.handle((_, _) -> true).get();
      return answers.stream().map(CompletableFuture::join).toList();
    } catch (InterruptedException e) {
      threads.forEach(Thread::interrupt);
      throw Interruption.restored("cancelled while the client was asked", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nobody completes it so
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException why ? why : e;
    }
  }

  private static <A> void complete(
      CompletableFuture<A> answer, java.util.function.Supplier<A> asking) {
    try {
      answer.complete(asking.get());
    } catch (RuntimeException | Error e) { // or whoever waits for it waits for ever
      answer.completeExceptionally(e);
    }
  }
}
