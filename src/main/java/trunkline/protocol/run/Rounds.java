package trunkline.protocol.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.memory.HeldMemory;
import trunkline.protocol.round.InputResponses;
import trunkline.protocol.round.Round;
import trunkline.protocol.round.SealedState;
import trunkline.seal.Seals;
import trunkline.session.Principal;
import trunkline.session.PrincipalCounter;
import trunkline.stream.Outlet.Feed;

/// The requests without a session while they are executed. Each lives as long as its connection,
/// and nothing of it is stored.
public final class Rounds {
  private final Services services;
  private final Seals seals;
  private final RunningTasks tasks;
  private final CallRoom room;
  private final PrincipalCounter ofPrincipals;
  private final Set<RunningRound> running = ConcurrentHashMap.newKeySet();

  /// What came of a request first.
  public sealed interface Turn {
    /// Its answer, before it said anything.
    ///
    /// @param error what the body says, if it is one
    @SuppressWarnings("ArrayRecordComponent")
    record Answered(@Nullable RpcError error, byte[] body) implements Turn {}

    /// Something to say on the way, or it takes its time.
    record Streaming(Feed feed) implements Turn {}
  }

  Rounds(Services services, Seals seals, RunningTasks tasks, CallRoom room) {
    this.services = services;
    this.seals = seals;
    this.tasks = tasks;
    this.room = room;
    this.ofPrincipals = new PrincipalCounter(services.policy().principalCallsMax());
  }

  /// Begins a request and waits until it is answered, speaks, or takes longer than most.
  ///
  /// @throws RpcException when it cannot begin: a limit, what it brought of a former round
  public Turn run(LoneRequest request) throws InterruptedException {
    var params = request.message().params();
    var principal = request.caller().principal();
    Progress.requireUsable(params);
    var state =
        new SealedState(seals, services.policy().askPatience(), principal, request.message());
    var round = new Round(state.open(params), InputResponses.of(params));
    enter(principal);
    var asked = HeldMemory.here().handOver(1);
    var call = new RunningRound(services, tasks, request, round, state, asked, this::ended);
    running.add(call);
    try {
      call.admit();
    } catch (RpcException e) {
      ended(call);
      asked.close();
      throw call.refused(e);
    }
    services.begun(request.revision());
    call.start();
    return call.response()
        .await(services.policy().upgradeAfter())
        .<Turn>map(answer -> new Turn.Answered(answer.error(), answer.body()))
        .orElseGet(() -> new Turn.Streaming(call.response()::feed));
  }

  private void enter(Principal principal) {
    room.enter();
    if (!ofPrincipals.add(principal)) {
      room.leave();
      throw room.refused(
          "the principal runs " + ofPrincipals.max() + " requests on this instance",
          "principal-calls-max",
          ofPrincipals.max(),
          "wait for an answer");
    }
  }

  private void ended(RunningRound call) {
    if (running.remove(call)) {
      room.leave();
      ofPrincipals.remove(call.caller().principal());
    }
  }

  List<RunningRound> all() {
    return new ArrayList<>(running);
  }
}
