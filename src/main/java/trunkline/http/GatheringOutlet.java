package trunkline.http;

import io.helidon.http.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.Response;
import trunkline.memory.HeldMemory;
import trunkline.signal.InstanceId;
import trunkline.stream.ClientGone;
import trunkline.stream.Outlet;

/// The stream of a call for a client that takes JSON only: it waits for the response. Notifications
/// on the way (progress, log messages) have no place in it and are left out; a question to the
/// client has to be streamed, so the client is told to accept events.
final class GatheringOutlet implements Outlet, Standings.Guest {
  /// As they were read, and in the answer.
  private static final long COPIES = 2;

  private final List<byte[]> responses = new ArrayList<>();
  private volatile @Nullable Runnable ring;
  private volatile boolean dismissed;

  /// One response, or a batch of several.
  ///
  /// @throws HttpProblem when the stream ended before them: they can only be had by resuming it
  byte[] answer() {
    if (responses.isEmpty()) {
      throw needsEvents("the answer comes on an event stream");
    }
    return responses.size() == 1 ? responses.getFirst() : Codec.batch(responses);
  }

  @Override
  public void message(@Nullable String eventId, byte[] payload) {
    switch (Codec.decodeOurs(payload)) {
      case Body.Single(Response _), Body.Batch _ -> {
        HeldMemory.here().note(COPIES * payload.length);
        responses.add(payload);
      }
      case Body.Single(Message.Request _) -> throw needsEvents("this call asks its client");
      case Body.Single(Message.Notification _) -> {}
    }
  }

  private static HttpProblem needsEvents(String why) {
    return new HttpProblem(
        Status.NOT_ACCEPTABLE_406,
        why + ": Accept must cover application/json and text/event-stream");
  }

  @Override
  public void prime(String eventId, Duration retry) {}

  @Override
  public void cursor(String eventId) {}

  @Override
  public void comment() {}

  @Override
  public void hint(InstanceId instance) {}

  @Override
  public void retry(Duration wait) {}

  @Override
  public void flush() {
    if (dismissed) {
      throw new ClientGone();
    }
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void whenQuiet(Runnable ring) {
    this.ring = ring;
  }

  @Override
  public boolean isQuiet() {
    return dismissed;
  }

  @Override
  public void dismiss() {
    dismissed = true;
    var bell = ring;
    if (bell != null) {
      bell.run();
    }
  }

  @Override
  public boolean isDismissed() {
    return dismissed;
  }
}
