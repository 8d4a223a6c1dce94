package trunkline.http;

import io.helidon.http.Status;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Reads `Accept` as liberally as possible: wildcards count, order does not, `q=0` takes a type
/// out, and a missing header accepts everything (RFC 9110).
final class AcceptHeader {
  /// As the official SDKs write it.
  private static final String USUAL = "application/json, text/event-stream";

  private static final Pattern RULED_OUT = Pattern.compile("q\\s*=\\s*0(\\.0*)?");

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
    if (headers.size() == 1 && headers.getFirst().equals(USUAL)) {
      return Accepted.BOTH;
    }
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

  /// Whether this very type is asked for; what takes anything does not ask for it.
  static boolean names(List<String> headers, String type) {
    for (var range : String.join(",", headers).toLowerCase(Locale.ROOT).split(",", -1)) {
      var parameters = range.split(";", -1);
      if (parameters[0].strip().equals(type) && !isRuledOut(parameters)) {
        return true;
      }
    }
    return false;
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
      if (RULED_OUT.matcher(parameter.strip()).matches()) {
        return true;
      }
    }
    return false;
  }
}
