package trunkline.protocol.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import trunkline.call.CallStream;
import trunkline.exchange.Outcome;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.protocol.round.Posed;
import trunkline.protocol.round.Recollection;
import trunkline.protocol.round.ResponseStream;
import trunkline.protocol.round.Round;
import trunkline.protocol.round.StepMemory;

/// The response of a request without a session, on which it speaks; it asks by ending.
///
/// @param name the request's id as JSON text
record RoundCarrier(Services services, ResponseStream response, Round round, String name)
    implements Carrier {
  @Override
  public void send(Message.Notification notification) {
    var bytes = Codec.encode(notification);
    services.streams().requireFits(bytes);
    response.say(bytes);
  }

  @Override
  public List<Outcome> ask(List<Posed> questions) {
    questions.forEach(Posed::requireInput);
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

  @Override
  public Recollection recollection() {
    return round.recollection();
  }

  @Override
  public boolean isAsking() {
    return round.isOpen();
  }

  /// None: nothing of it outlives its connection.
  @Override
  public Optional<CallStream> stream() {
    return Optional.empty();
  }
}
