package trunkline.protocol.run;

import java.time.Duration;
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
record CallCarrier(Services services, CallGroup group, String name) implements Carrier {
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

  /// Empty when the session has ended.
  @Override
  public Optional<CallStream> stream() {
    return services.patientlyUntilCancelled(group::stream);
  }
}
