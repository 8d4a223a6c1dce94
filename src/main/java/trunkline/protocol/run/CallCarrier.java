package trunkline.protocol.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import trunkline.call.CallStream;
import trunkline.exchange.AskTimeouts;
import trunkline.exchange.Outcome;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
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
  public Outcome ask(int ordinal, String method, ObjectNode params, AskTimeouts timeouts) {
    return services.exchanges().ask(requireStream().writer(), ordinal, method, params, timeouts);
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
