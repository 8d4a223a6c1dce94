package trunkline.scenario;

import java.util.ArrayList;
import java.util.stream.Collectors;
import trunkline.scenario.AccessTable.Operation;
import trunkline.testing.Json;
import trunkline.testing.Reply;

/// An answer as an [AccessTable] spells it.
final class AccessAnswer {
  private AccessAnswer() {}

  static String spelled(Reply reply, Operation asked) throws InterruptedException {
    try (reply) {
      var said = reply.isStream() && asked.lasts() ? begun(reply, asked) : said(reply);
      return reply.status() + said + told(reply);
    }
  }

  private static String begun(Reply reply, Operation asked) throws InterruptedException {
    var of = new ArrayList<String>();
    var first = asked.listens() ? reply.sse().nextMessage() : Json.of("{}");
    first
        .at("/params/notifications")
        .forEachEntry((name, wanted) -> {
          if (wanted.isBoolean() ? wanted.booleanValue() : !wanted.isEmpty()) {
            of.add(name);
          }
        });
    return of.isEmpty() ? " stream" : " stream of " + String.join(" ", of);
  }

  private static String said(Reply reply) throws InterruptedException {
    if (!reply.isStream() && reply.body().isEmpty()) {
      return "";
    }
    var body = reply.response();
    var error = body.path("error");
    if (error.isMissingNode()) {
      return body.isArray() ? " results" : " result";
    }
    var needed = error.at("/data/requiredScopes");
    var words =
        needed.isMissingNode()
            ? error.path("message").asString()
            : needed.valueStream().map(scope -> scope.asString()).collect(Collectors.joining(" "));
    return " " + error.path("code") + " " + words;
  }

  private static String told(Reply reply) {
    var told = new StringBuilder();
    var challenge = reply.header("www-authenticate");
    if (challenge != null) {
      told.append("; ").append(challenge);
    }
    var allowed = reply.header("allow");
    if (allowed != null) {
      told.append("; Allow: ").append(allowed);
    }
    if (reply.header("retry-after") != null) {
      told.append("; Retry-After");
    }
    return told.toString();
  }
}
