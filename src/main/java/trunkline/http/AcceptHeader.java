package trunkline.http;

import io.helidon.http.Status;
import java.util.List;
import java.util.Locale;

/// Reads `Accept` as liberally as possible: wildcards count, order does not, `q=0` takes a type
/// out, and a missing header accepts everything (RFC 9110).
final class AcceptHeader {
  private AcceptHeader() {}

  /// How the answer to a POST may come.
  enum Accepted {
    JSON,
    EVENTS,
    BOTH
  }

  /// MCP: the client lists both, because the server chooses. One that lists one of them is served
  /// as far as that goes.
  static Accepted ofPost(List<String> headers) {
    var events = covers(headers, "text", "event-stream");
    if (covers(headers, "application", "json")) {
      return events ? Accepted.BOTH : Accepted.JSON;
    }
    if (events) {
      return Accepted.EVENTS;
    }
    throw new HttpProblem(
        Status.NOT_ACCEPTABLE_406, "Accept must cover application/json and text/event-stream");
  }

  static void requireEvents(List<String> headers) {
    if (!covers(headers, "text", "event-stream")) {
      throw new HttpProblem(Status.NOT_ACCEPTABLE_406, "Accept must cover text/event-stream");
    }
  }

  private static boolean covers(List<String> headers, String type, String subtype) {
    if (headers.isEmpty()) {
      return true;
    }
    var ranges = String.join(",", headers).toLowerCase(Locale.ROOT).split(",", -1);
    for (var range : ranges) {
      var parameters = range.split(";", -1);
      var name = parameters[0].strip();
      if ((name.equals(type + "/" + subtype) || name.equals(type + "/*") || name.equals("*/*"))
          && !isRuledOut(parameters)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRuledOut(String[] parameters) {
    for (var parameter : parameters) {
      if (parameter.strip().matches("q\\s*=\\s*0(\\.0*)?")) {
        return true;
      }
    }
    return false;
  }
}
