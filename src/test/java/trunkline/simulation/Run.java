package trunkline.simulation;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import trunkline.call.CallStream;
import trunkline.store.Database;
import trunkline.store.DatabaseFailure;
import trunkline.stream.Published;

/// One run of a call: progress, then its answer; it ends where it is interrupted, refused, or its
/// instance no longer trusts its lease.
final class Run {
  private final World world;
  private final Node node;
  private final CallPlan plan;
  private final Reader reader;
  private final int run;

  Run(World world, Node node, CallPlan plan, Reader reader, int run) {
    this.world = world;
    this.node = node;
    this.plan = plan;
    this.reader = reader;
    this.run = run;
    world.began(plan.requestId(), run);
  }

  void run(CallStream stream, int index) {
    if (!isLeft(stream)) {
      var text = "final " + plan.requestId() + " run " + run;
      var _ =
          send(text, () -> stream.writer().answer(stream.calls().get(index), bytes(text), true))
              .thenAccept(this::note);
    }
  }

  private void note(Published outcome) {
    if (outcome instanceof Published.Refused) {
      world.reached(Situation.S3);
    }
  }

  /// What the handler says on the way; whatever ends it early, the call is answered.
  ///
  /// @return whether the call was left to another instance
  private boolean isLeft(CallStream stream) {
    var writer = stream.writer();
    for (int step = 0; step < plan.steps(); step++) {
      CompletableFuture<Published> sent =
          CompletableFuture.completedFuture(new Published.Stored(0));
      try {
        world.schedule.pause(world.random.nextInt(200));
        if (plan.poison() && step == plan.steps() / 2) {
          world.poison(node);
        }
        if (!node.isTrusted() && isHandedOn()) {
          node.leave(writer);
          return true;
        }
        var text = "call " + plan.requestId() + " run " + run + " step " + step;
        sent = send(text, () -> writer.write(bytes(text)));
        if (world.random.nextBoolean()) {
          note(Database.await(sent));
        }
      } catch (InterruptedException | CancellationException e) {
        if (!sent.isDone()) {
          world.reached(Situation.S14);
        }
        Thread.interrupted(); // it is the one thread of all instances
        return false;
      } catch (DatabaseFailure e) {
        return false;
      }
    }
    return false;
  }

  /// As an abandoned call does: it is left to another instance if it may run again, else it ends;
  /// the epoch says whether that counts.
  private boolean isHandedOn() {
    return plan.rerunnable() && run < 2;
  }

  private interface Sending {
    CompletableFuture<Published> send();
  }

  private CompletableFuture<Published> send(String text, Sending sending) {
    return world.send(reader, node, text, sending::send);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
