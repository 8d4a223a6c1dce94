package trunkline.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Refuses requests whose end two readers could see in different places: a proxy and we must agree
/// where a body ends, or one client's bytes become another's request. Such a request is its
/// connection's last. What Helidon itself can't parse, and [RequestReader] refuses, is as well.
final class FramingGuard {
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private FramingGuard() {}

  static void check(HttpExchange exchange) {
    var fault = fault(exchange.request().headers());
    if (fault != null) {
      exchange.distrustFraming();
      throw new HttpProblem(Status.BAD_REQUEST_400, fault);
    }
  }

  private static @Nullable String fault(Headers headers) {
    var chunked = headers.contains(HeaderNames.TRANSFER_ENCODING);
    if (chunked) {
      var codings = headers.get(HeaderNames.TRANSFER_ENCODING).allValues();
      if (codings.size() != 1 || !codings.getFirst().equals("chunked")) {
        return "Transfer-Encoding is chunked, in lower case, or absent";
      }
    }
    if (headers.contains(HeaderNames.CONTENT_LENGTH)) {
      var lengths = headers.get(HeaderNames.CONTENT_LENGTH).allValues();
      if (chunked || lengths.size() != 1 || !LENGTH.matcher(lengths.getFirst()).matches()) {
        return "Content-Length is one number, or absent";
      }
    }
    return null;
  }
}
