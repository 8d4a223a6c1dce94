package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;

/// Whether a balancer sends a session's requests to one instance while it is there (F7). Right is
/// everything either way; what it changes is how many of them stay.
enum Affinity {
  /// The file as it is shipped: of three instances each gets a third.
  NONE(0.2, 0.5),
  /// Its commented lines are taken.
  SESSION(0.99, 1);

  private static final int SESSIONS = 12;
  private static final int PINGS = 15;
  private static final Duration AT_ONCE = Duration.ofSeconds(10);

  /// What is offered as a choice stands in comments, further to the right than prose.
  private static final Pattern OFFERED = Pattern.compile("(?m)^ *# {3}(?=\\S| {2})");

  private final double least;
  private final double most;

  Affinity(double least, double most) {
    this.least = least;
    this.most = most;
  }

  /// The shipped file with this choice made.
  ///
  /// @param instead the line whose place the offered ones take
  String chosen(String shipped, String instead) {
    if (this == NONE) {
      return shipped;
    }
    assertThat(shipped).containsPattern(OFFERED).contains(instead);
    return OFFERED.matcher(shipped).replaceAll("").replace(instead, "");
  }

  /// Sessions that ping, hear what is sent to them, and answer what they are asked.
  void require(URI url) throws InterruptedException {
    var stayed = 0;
    for (var i = 0; i < SESSIONS; i++) {
      stayed += stayed(url);
    }
    var share = (double) stayed / (SESSIONS * PINGS);
    System.out.printf("affinity %s: %.0f %% of the requests stayed%n", this, 100 * share);
    assertThat(share).as("share of requests that stay").isBetween(least, most);
  }

  /// How many of a session's requests were answered by the instance that answered its first one.
  private static int stayed(URI url) throws InterruptedException {
    try (var client = new McpTestClient()) {
      var server = client.on(url);
      server.connect("2025-11-25", "{\"elicitation\":{}}");
      var home = "";
      var stayed = 0;
      for (var i = 0; i < PINGS; i++) {
        var reply = server.request("ping", "{}");
        assertThat(reply.result()).isEmpty();
        var instance = Objects.requireNonNull(reply.header("trunkline-instance"));
        home = home.isEmpty() ? instance : home;
        stayed += instance.equals(home) ? 1 : 0;
      }
      var stream = server.get().sse();
      stream.next(AT_ONCE); // primed
      var call = server.call("order_pizza", json("{'guests':3}")).sse();
      var question = call.nextMessage("elicitation/create");
      var olives =
          json("{'action':'accept','content':{'size':'SMALL','toppings':[],'glutenFree':false}}");
      assertThat(server.respond(question, olives).status()).isEqualTo(202);
      assertThat(Reply.text(call.nextResponse().path("result"))).startsWith("3 × SMALL pizza");
      var whisper = json("{'sessionId':'%s','text':'hello'}", client.sessionId());
      assertThat(server.call("whisper", whisper).text()).isEqualTo("Sent.");
      assertThat(stream.nextLog()).isEqualTo("hello");
      assertThat(server.delete().status()).isBetween(200, 204);
      return stayed;
    }
  }
}
