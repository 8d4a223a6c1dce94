package trunkline.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.memory.HeldMemory;
import trunkline.memory.JsonWeight;
import trunkline.memory.MemoryShort;
import trunkline.stream.ClientGone;
import trunkline.tls.ShownCertificate;
import trunkline.tls.TlsFiles;
import trunkline.trace.Arrival;

/// One request and its response on the connection's thread, with every read and write bounded.
final class HttpExchange {
  static final String JSON = "application/json";
  static final String MEMORY_SHORT = "too many large requests at a time (--memory-share)";

  private final ServerRequest request;
  private final ServerResponse response;
  private final SocketDeadline watch;
  private final HttpPolicy policy;
  private final BooleanSupplier last;
  private final long arrivedNanos = System.nanoTime();
  private boolean endless;

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

  /// Bounds what this thread writes to the client.
  SocketDeadline watch() {
    return watch;
  }

  String method() {
    return request.prologue().method().text();
  }

  /// The one value of a header; a repeated one is as good as none.
  Optional<String> header(HeaderName name) {
    var values = headers(name);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  Optional<String> header(String name) {
    return header(HeaderNames.create(name));
  }

  List<String> headers(HeaderName name) {
    var headers = request.headers();
    return headers.contains(name) ? headers.get(name).allValues() : List.of();
  }

  List<String> headers(String name) {
    return headers(HeaderNames.create(name));
  }

  Arrival arrival() {
    return Arrival.http(request.prologue().protocolVersion(), arrivedNanos);
  }

  InetAddress peer() {
    return request.remotePeer().address() instanceof InetSocketAddress address
        ? address.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  /// The certificate that the client showed when its connection was opened.
  Optional<ShownCertificate> certificate(TlsFiles files) {
    return request.remotePeer().tlsCertificates().map(shown -> ShownCertificate.of(shown, files));
  }

  /// The whole body, within the limits of size and, by [Arrival], of time and memory; and memory
  /// for what is made of it.
  ///
  /// @throws MemoryShort when other requests hold too much
  byte[] readBody() throws InterruptedException {
    var body = bytes();
    HeldMemory.here().take(JsonWeight.ofTree(body));
    return body;
  }

  private byte[] bytes() {
    var max = policy.bodyBytesMax();
    var announced = request.headers().contentLength().orElse(-1);
    if (announced > max) {
      throw tooLarge();
    }
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try {
      var body = request.content().inputStream();
      if (announced >= 0 && announced <= SmallBody.BYTES_MAX) {
        return SmallBody.read(body, (int) announced);
      }
      var bytes = body.readNBytes(max + 1);
      if (bytes.length > max) {
        throw tooLarge();
      }
      return bytes;
    } catch (HttpProblem e) {
      throw e;
    } catch (RequestException e) {
      throw unreadable(e.status());
    } catch (NumberFormatException e) { // a chunk's size
      throw malformed();
    } catch (IOException | RuntimeException e) {
      throw new CloseConnectionException("the body did not arrive whole", e);
    }
  }

  private HttpProblem unreadable(Status status) {
    return switch (status.code()) {
      case 408 -> new HttpProblem(status, "the body did not arrive in time");
      case 413 -> tooLarge();
      case 503 ->
          new HttpProblem(status, MEMORY_SHORT, Map.of("Retry-After", Replies.retryAfter()));
      default -> malformed();
    };
  }

  private static HttpProblem malformed() {
    return new HttpProblem(Status.BAD_REQUEST_400, "the body's chunks are malformed");
  }

  private HttpProblem tooLarge() {
    return new HttpProblem(
        Status.REQUEST_ENTITY_TOO_LARGE_413,
        "a body has at most " + policy.bodyBytesMax() + " bytes (--body-bytes-max)");
  }

  /// Nobody knows where this request ends: its answer is the connection's last, and what follows is
  /// not read as a request.
  void distrustFraming() {
    endless = true;
  }

  void sendEmpty(Status status) {
    send(status, null, new byte[0]);
  }

  /// Answers.
  void send(Status status, @Nullable String contentType, byte[] entity) {
    var unread = sayWhetherLast();
    if (contentType != null) {
      response.header(
          contentType.equals(JSON)
              ? HeaderValues.CONTENT_TYPE_JSON // made and encoded once
              : HeaderValues.create(HeaderNames.CONTENT_TYPE, contentType));
    }
    response.status(status);
    try {
      write(entity);
    } catch (ClientGone e) {
      throw new CloseConnectionException("the client is gone", e);
    }
    if (unread) {
      throw new AnsweredEarly();
    }
    closeWhenAsked();
  }

  /// Before the head of the answer is sent. An unread body ends the connection, because what
  /// follows on it is not a request.
  ///
  /// @return whether a part of the request is still to come that nobody will read
  boolean sayWhetherLast() {
    var unread = endless || (request.content().hasEntity() && !request.content().consumed());
    if (unread || last.getAsBoolean()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    return unread;
  }

  private void write(byte[] entity) {
    if (method().equals("HEAD")) { // the head alone: a body would begin the next answer
      response.contentLength(entity.length);
      output(null).guarded(() -> response.send(new byte[0]));
      return;
    }
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
    if (isLast()) {
      throw new CloseConnectionException("answered");
    }
  }

  /// Whether one of the two sides has said that the connection ends with this answer.
  boolean isLast() {
    return response.headers().contains(HeaderValues.CONNECTION_CLOSE)
        || request.headers().contains(HeaderValues.CONNECTION_CLOSE);
  }
}
