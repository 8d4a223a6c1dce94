package trunkline.protocol.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import trunkline.call.CallStream;
import trunkline.exchange.Outcome;
import trunkline.feature.ClientRequestFailed;
import trunkline.jsonrpc.Message;
import trunkline.protocol.round.Posed;
import trunkline.protocol.round.Recollection;
import trunkline.protocol.round.StepMemory;

/// The way between a handler and its client: for messages and questions.
sealed interface Carrier permits CallCarrier, TaskCarrier, RoundCarrier {
  /// The name by which events know the request.
  String name();

  /// Sends the client a notification; returns after the commit, so that a handler cannot outrun the
  /// database.
  void send(Message.Notification notification);

  /// Puts questions to the client, all at once, and waits for their outcomes; in this order.
  List<Outcome> ask(List<Posed> questions);

  /// A question's default patience.
  Duration patience();

  /// Whether the request ran before, or may run again.
  Runs runs();

  /// Where its steps are remembered between the runs; a call becomes a stream for it.
  ///
  /// @throws ClientRequestFailed when the session has ended
  StepMemory steps();

  /// What it has asked and done so far, for a task that goes on with it.
  default Recollection recollection() {
    return Recollection.NONE;
  }

  /// Whether its client has to answer before it can go on.
  default boolean isAsking() {
    return false;
  }

  /// The stream that the client follows for this request, made when there is none yet; empty when
  /// there can be none.
  Optional<CallStream> stream();

  default CallStream requireStream() {
    return stream()
        .orElseThrow(() ->
            new ClientRequestFailed(
                ClientRequestFailed.Reason.SESSION_ENDED, "the session has ended"));
  }
}
