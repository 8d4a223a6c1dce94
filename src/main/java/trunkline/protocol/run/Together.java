package trunkline.protocol.run;

import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
    var trace = Context.current();
    var threads = new ArrayList<Thread>();
    var answers = new ArrayList<CompletableFuture<A>>();
    for (var question : questions) {
      var answer = new CompletableFuture<A>();
      answers.add(answer);
      threads.add(
          Thread.ofVirtual()
              .name("question")
              .start(
                  trace.wrap(() -> held.run(() -> complete(answer, () -> ask.apply(question))))));
    }
    try {
      var failure = new AtomicReference<@Nullable Throwable>();
      for (var answer : answers) {
        var _ =
            answer.whenComplete((_, why) -> {
              if (why != null && failure.compareAndSet(null, why)) {
                threads.forEach(Thread::interrupt);
              }
            });
      }
      var all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
      var _ = all.handle((_, _) -> true).get();
      switch (failure.get()) {
        case null -> {}
        case RuntimeException why -> throw why;
        case Error why -> throw why;
        case Throwable why -> throw new IllegalStateException(why);
      }
      return answers.stream().map(CompletableFuture::join).toList();
    } catch (InterruptedException e) {
      threads.forEach(Thread::interrupt);
      throw Interruption.restored("cancelled while the client was asked", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nobody completes it so
    }
  }

  private static <A> void complete(CompletableFuture<A> answer, Supplier<A> asking) {
    try {
      answer.complete(asking.get());
    } catch (RuntimeException | Error e) { // or whoever waits for it waits for ever
      answer.completeExceptionally(e);
    }
  }
}
