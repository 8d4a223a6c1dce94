package trunkline.protocol.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import trunkline.call.CallStream;
import trunkline.exchange.Outcome;
import trunkline.feature.ClientRequestFailed;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;

/// The response of a request without a session, on which it speaks; it asks by ending.
///
/// @param name the request's id as JSON text
record RoundCarrier(Services services, ResponseStream response, Round round, String name)
    implements Carrier {
  private static final List<String> ASKED =
      List.of("elicitation/create", "sampling/createMessage", "roots/list");

  @Override
  public void send(Message.Notification notification) {
    var bytes = Codec.encode(notification);
    services.streams().requireFits(bytes);
    response.say(bytes);
  }

  @Override
  public List<Outcome> ask(List<Posed> questions) {
    for (var question : questions) {
      if (!ASKED.contains(question.method())) {
        throw new ClientRequestFailed(
            ClientRequestFailed.Reason.UNSUPPORTED,
            "clients of 2026-07-28 are asked for input, not " + question.method());
      }
    }
    return round.ask(questions);
  }

  @Override
  public Duration patience() {
    return services.policy().askPatience();
  }

  /// A client may always send its request again.
  @Override
  public Runs runs() {
    return new Runs(true, true);
  }

  @Override
  public StepMemory steps() {
    return round;
  }

  /// None: nothing of it outlives its connection.
  @Override
  public Optional<CallStream> stream() {
    return Optional.empty();
  }
}
