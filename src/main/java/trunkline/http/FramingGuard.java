package trunkline.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.Status;

/// Refuses requests whose end two readers could see in different places: a proxy and we must agree
/// where a body ends, or one client's bytes become another's request.
final class FramingGuard {
  private FramingGuard() {}

  static void check(Headers headers) {
    var chunked = headers.contains(HeaderNames.TRANSFER_ENCODING);
    if (chunked) {
      var codings = headers.get(HeaderNames.TRANSFER_ENCODING).allValues();
      if (codings.size() != 1 || !codings.getFirst().equals("chunked")) {
        throw new HttpProblem(
            Status.BAD_REQUEST_400, "Transfer-Encoding is chunked, in lower case, or absent");
      }
    }
    if (headers.contains(HeaderNames.CONTENT_LENGTH)) {
      var lengths = headers.get(HeaderNames.CONTENT_LENGTH).allValues();
      if (chunked || lengths.size() != 1 || !lengths.getFirst().matches("[0-9]{1,18}")) {
        throw new HttpProblem(Status.BAD_REQUEST_400, "Content-Length is one number, or absent");
      }
    }
  }
}
