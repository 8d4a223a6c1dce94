package trunkline.http;

import io.helidon.http.Status;
import java.util.List;
import java.util.Locale;

/// Reads `Accept` as liberally as possible: wildcards count, order does not, `q=0` takes a type
/// out. On a POST a missing header accepts everything (RFC 9110).
final class AcceptHeader {
  private AcceptHeader() {}

  /// MCP: the client lists both, because the server chooses.
  static void requireJsonAndEvents(List<String> headers) {
    if (!covers(headers, "application", "json") || !covers(headers, "text", "event-stream")) {
      throw new HttpProblem(
          Status.NOT_ACCEPTABLE_406, "Accept must cover application/json and text/event-stream");
    }
  }

  /// A GET that does not ask for events is no MCP client's: its stream would have no reader.
  static void requireEvents(List<String> headers) {
    if (headers.isEmpty() || !covers(headers, "text", "event-stream")) {
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
