package trunkline.stdio;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.Response;
import trunkline.signal.InstanceId;
import trunkline.stream.ClientGone;
import trunkline.stream.Outlet;

/// A stream as lines. It has neither ids nor comments nor retries, so what those say is remembered
/// here: where this process goes on with the stream, and when.
final class LineOutlet implements Outlet {
  private final LineOutput out;
  private @Nullable String cursor;
  private @Nullable Duration retry;
  private int responses;
  private volatile boolean closed;

  /// @param cursor where the stream was left before
  LineOutlet(LineOutput out, @Nullable String cursor) {
    this.out = out;
    this.cursor = cursor;
  }

  /// The id that came last.
  @Nullable String cursor() {
    return cursor;
  }

  /// How long to wait before the stream is gone on with, if that was said.
  Optional<Duration> retry() {
    return Optional.ofNullable(retry);
  }

  /// The responses that were written.
  int responses() {
    return responses;
  }

  /// Writes nothing more: the request was cancelled.
  void close() {
    closed = true;
  }

  @Override
  public void message(@Nullable String eventId, byte[] payload) {
    if (closed) {
      throw new ClientGone(ClientGone.Cause.LEFT, new IOException("cancelled"));
    }
    out.write(payload);
    if (eventId != null) {
      cursor = eventId;
    }
    responses +=
        switch (Codec.decodeOurs(payload)) {
          case Body.Single(Response _) -> 1;
          case Body.Single(Message.Request _), Body.Single(Message.Notification _) -> 0;
          case Body.Batch(var all) -> all.size();
        };
  }

  @Override
  public void prime(String eventId, Duration wait) {
    cursor = eventId;
  }

  @Override
  public void cursor(String eventId) {
    cursor = eventId;
  }

  @Override
  public void retry(Duration wait) {
    retry = wait;
  }

  @Override
  public void comment() {}

  @Override
  public void hint(InstanceId instance) {}

  @Override
  public void flush() {
    if (!isOpen()) {
      throw new ClientGone(ClientGone.Cause.LEFT, new IOException("closed"));
    }
  }

  @Override
  public boolean isOpen() {
    return !closed && out.isOpen();
  }

  @Override
  public void whenQuiet(Runnable ring) {}

  @Override
  public boolean isQuiet() {
    return false;
  }
}
