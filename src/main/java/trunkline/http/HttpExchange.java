package trunkline.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.stream.ClientGone;

/// One request and its response on the connection's thread, with every read and write bounded.
final class HttpExchange {
  static final String JSON = "application/json";

  /// The time to go on reading what a refused client sends: a reset would lose our answer.
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final ServerRequest request;
  private final ServerResponse response;
  private final SocketDeadline watch;
  private final HttpPolicy policy;
  private final BooleanSupplier last;
  private @Nullable InputStream body;

  /// @param last asked before the answer: whether it is the last one of its connection
  HttpExchange(
      ServerRequest request,
      ServerResponse response,
      SocketDeadline watch,
      HttpPolicy policy,
      BooleanSupplier last) {
    this.request = request;
    this.response = response;
    this.watch = watch;
    this.policy = policy;
    this.last = last;
  }

  ServerRequest request() {
    return request;
  }

  ServerResponse response() {
    return response;
  }

  String method() {
    return request.prologue().method().text();
  }

  /// The one value of a header; a repeated one is as good as none.
  Optional<String> header(String name) {
    var values = headers(name);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  List<String> headers(String name) {
    var header = HeaderNames.create(name);
    var headers = request.headers();
    return headers.contains(header) ? headers.get(header).allValues() : List.of();
  }

  InetAddress peer() {
    return request.remotePeer().address() instanceof InetSocketAddress address
        ? address.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  /// The whole body, within the limits of size and time.
  byte[] readBody() {
    var max = policy.bodyBytesMax();
    if (request.headers().contentLength().orElse(0) > max) {
      throw tooLarge();
    }
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    watch.arm(policy.bodyTimeout());
    try {
      var bytes = body().readNBytes(max + 1);
      if (bytes.length > max) {
        throw tooLarge();
      }
      return bytes;
    } catch (HttpProblem e) {
      throw e;
    } catch (RequestException e) {
      throw e.status().code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code()
          ? tooLarge()
          : malformed();
    } catch (NumberFormatException e) { // a chunk's size
      throw malformed();
    } catch (IOException | RuntimeException e) {
      throw new CloseConnectionException("the body did not arrive whole", e);
    } finally {
      watch.disarm();
    }
  }

  private static HttpProblem malformed() {
    return new HttpProblem(Status.BAD_REQUEST_400, "the body's chunks are malformed");
  }

  private HttpProblem tooLarge() {
    return new HttpProblem(
        Status.REQUEST_ENTITY_TOO_LARGE_413,
        "a body has at most " + policy.bodyBytesMax() + " bytes (--body-bytes-max)");
  }

  private InputStream body() {
    var stream = body;
    if (stream == null) {
      stream = request.content().inputStream();
      body = stream;
    }
    return stream;
  }

  void sendEmpty(Status status) {
    send(status, null, new byte[0]);
  }

  /// Answers. An unread body ends the connection, because what follows on it is not a request.
  void send(Status status, @Nullable String contentType, byte[] entity) {
    var unread = request.content().hasEntity() && !request.content().consumed();
    if (unread) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    sayWhetherLast();
    if (contentType != null) {
      response.header(HeaderNames.CONTENT_TYPE, contentType);
    }
    response.status(status);
    try {
      write(entity);
    } catch (ClientGone e) {
      throw new CloseConnectionException("the client is gone", e);
    }
    if (unread) {
      linger();
    }
    closeWhenAsked();
  }

  /// Before the head of the answer is sent.
  void sayWhetherLast() {
    if (last.getAsBoolean()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
  }

  private void write(byte[] entity) {
    if (entity.length <= DeadlineOutput.SLICE_BYTES) {
      output(null).guarded(() -> response.send(entity));
      return;
    }
    response.contentLength(entity.length);
    var output = output(response.outputStream());
    output.write(entity);
    finish(output);
  }

  /// An output for a streamed response.
  DeadlineOutput output(@Nullable OutputStream stream) {
    return new DeadlineOutput(
        stream == null ? OutputStream.nullOutputStream() : stream, watch, policy.writeTimeout());
  }

  /// Completes a streamed response; Helidon would do so itself, but without a limit.
  void finish(DeadlineOutput output) {
    output.guarded(((RoutingResponse) response)::commit);
  }

  /// Helidon sends `Connection: close` but leaves the closing to the client.
  void closeWhenAsked() {
    if (response.headers().contains(HeaderValues.CONNECTION_CLOSE)
        || request.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("answered");
    }
  }

  private void linger() {
    if (request.headers().contains(HeaderValues.EXPECT_100)) {
      return; // reading would invite the body
    }
    watch.arm(LINGER);
    try {
      body().skip(2L * policy.bodyBytesMax());
    } catch (IOException | RuntimeException _) {
      // Closed either way.
    } finally {
      watch.disarm();
    }
  }
}
