package trunkline.protocol.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import trunkline.call.CallStream;
import trunkline.exchange.Outcome;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.protocol.round.Posed;
import trunkline.protocol.round.StepMemory;
import trunkline.store.Database;

/// A call's own stream, which begins with its first message.
///
/// @param name the request's id as JSON text
record CallCarrier(Services services, CallGroup.Place place, String name, Runs runs)
    implements Carrier {
  /// Drops the messages of a call whose session has ended.
  @Override
  public void send(Message.Notification notification) {
    stream().ifPresent(stream -> Database.await(stream.writer().write(Codec.encode(notification))));
  }

  @Override
  public List<Outcome> ask(List<Posed> questions) {
    var writer = requireStream().writer();
    return Together.ask(
        questions,
        it ->
            services
                .exchanges()
                .ask(writer, it.ordinal(), it.method(), it.params(), it.timeouts()));
  }

  @Override
  public Duration patience() {
    return services.policy().askPatience();
  }

  @Override
  public StepMemory steps() {
    var writer = requireStream().writer();
    var call = place.row().orElseThrow();
    return new StepMemory() {
      @Override
      public Map<String, String> former() {
        return services.streamedCalls().steps(call);
      }

      @Override
      public Optional<String> remember(String name, String outcome) {
        return services.streamedCalls().remember(writer, call, name, outcome);
      }
    };
  }

  /// Empty when the session has ended.
  @Override
  public Optional<CallStream> stream() {
    return services.patientlyUntilCancelled(place.group()::stream);
  }
}
