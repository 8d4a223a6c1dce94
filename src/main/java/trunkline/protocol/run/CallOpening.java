package trunkline.protocol.run;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import trunkline.call.CallStart;
import trunkline.call.CallStream;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.protocol.wire.Revision;
import trunkline.trace.Operations;

/// The opening of the stream of one POST's calls. It has one key however often it is tried: an
/// attempt whose answer was lost is found by the next one.
final class CallOpening implements CallGroup.Opening {
  private final Services services;
  private final Caller.InSession caller;
  private final List<Message.Request> requests;
  private final Predicate<Message.Request> rerunnable;
  private final int number;
  private final Operations operations = Operations.here();

  /// Made when it is needed: most calls are answered before.
  private @Nullable CallStart start;

  /// @param number of the opening, of this process
  CallOpening(
      Services services,
      Caller.InSession caller,
      List<Message.Request> requests,
      Predicate<Message.Request> rerunnable,
      int number) {
    this.services = services;
    this.caller = caller;
    this.requests = requests;
    this.rerunnable = rerunnable;
    this.number = number;
  }

  @Override
  public Optional<CallStream> open() {
    if (start == null) {
      start = start();
    }
    return services.streamedCalls().open(start, Revision.of(caller.living()).primesStreams());
  }

  private CallStart start() {
    var instance = services.self().get();
    return new CallStart(
        caller.living().key(),
        caller.principal(),
        instance,
        CallStart.opening(instance, number),
        requests.stream().map(this::requested).toList());
  }

  private CallStart.Requested requested(Message.Request request) {
    return new CallStart.Requested(
        request.id().encoded(), request.method(), kept(request), rerunnable.test(request));
  }

  /// As a further run gets it.
  private byte[] kept(Message.Request request) {
    return Codec.encode(
        new Message.Request(
            request.id(),
            request.method(),
            operations.of(request).keptIn(caller.sender().keptWith(request.params()))));
  }
}
