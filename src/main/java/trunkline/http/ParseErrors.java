package trunkline.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import trunkline.jsonrpc.ErrorCode;
import trunkline.telemetry.ServerEvent;

/// The answers to requests that Helidon cannot read. Our own handler catches everything else, so
/// these are the client's fault, whatever Helidon thinks: never a 5xx, and none of the client's
/// bytes in the answer.
final class ParseErrors {
  private ParseErrors() {}

  static DirectHandlers handlers(HttpWiring wiring) {
    var handlers = DirectHandlers.builder();
    for (var type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, (_, _, status, _, _) -> refuse(status(type, status), wiring));
    }
    return handlers.build();
  }

  private static DirectHandler.TransportResponse refuse(Status status, HttpWiring wiring) {
    wiring.events().emit(new ServerEvent.RequestRefused(status.code()));
    return answer(status, wiring.instance().get().value());
  }

  private static Status status(DirectHandler.EventType type, Status status) {
    if (type == DirectHandler.EventType.HTTP_VERSION_NOT_SUPPORTED) {
      return Status.create(426, "Upgrade Required");
    }
    return status.code() >= 500 ? Status.BAD_REQUEST_400 : status;
  }

  private static String reason(Status status) {
    return switch (status.code()) {
      case 408 -> "the request did not arrive in time";
      case 414 -> "a request line has at most " + RequestReader.LINE_BYTES_MAX + " bytes";
      case 426 -> "HTTP/1.1 required";
      case 431 -> "headers have at most " + RequestReader.HEADER_BYTES_MAX + " bytes together";
      default -> "not an acceptable HTTP request";
    };
  }

  private static DirectHandler.TransportResponse answer(Status status, int instance) {
    var headers = ServerResponseHeaders.create();
    headers.set(RootHandler.INSTANCE, Integer.toString(instance));
    headers.set(HeaderNames.CONTENT_TYPE, HttpExchange.JSON);
    if (status.code() == 426) {
      headers.set(HeaderNames.UPGRADE, "HTTP/1.1");
    }
    var body = HttpProblem.body(ErrorCode.SESSION_REFUSED, reason(status));
    return DirectHandler.TransportResponse.builder()
        .status(status)
        .headers(headers)
        .keepAlive(false)
        .entity(body)
        .build();
  }
}
