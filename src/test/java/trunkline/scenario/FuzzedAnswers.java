package trunkline.scenario;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import trunkline.testing.Json;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;

/// The answers to documents that nobody would send: how often there was which, and those that must
/// not be.
final class FuzzedAnswers {
  private static final int FAULTS_KEPT = 40;

  /// An error says what is wrong, and does not send back what was sent.
  private static final int ERROR_LENGTH_MAX = 4_000;

  private static final int SHOWN_MAX = 300;
  private static final String NO_JSON = "400 -32700";

  /// Status, and the codes of the errors where there are some.
  private static final Set<String> EXPECTED =
      Set.of(
          "200",
          "200 -32002",
          "200 -32600",
          "200 -32601",
          "200 -32602",
          "202",
          "204",
          NO_JSON,
          "400 -32600",
          "400 -32602",
          "400 -32000",
          "400 -32022",
          "403 -32000",
          "404 -32001",
          "405 -32000",
          "406 -32000",
          "415 -32000");

  /// Words of ours and of libraries that no client should learn. The last is a class's name.
  private static final Pattern INSIDES =
      Pattern.compile(
          "(?i:jackson|networknt|helidon|postgres|jooq|hikari|sqlstate|flyway|\\bpg_|jdbc"
              + "|\\bselect\\b|\\binsert into\\b|exception|stacktrace|\\bjava\\b|\\.java\\b|javax?\\."
              + "|trunkline\\.|\\borg\\.|\\btools\\.[a-z]|invalid input syntax|violates"
              + "|for input string|out of bounds|cannot invoke|\\bnull pointer|deseriali[sz]"
              + "|begin index|unexpected char)"
              + "|\\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\\b|\\$\\d|\\w\\[\\w+=");

  private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
  private final Map<String, String> faults = new ConcurrentHashMap<>();
  private final AtomicLong slowest = new AtomicLong();

  /// An answer has come.
  void judge(Reply reply, byte[] sent) throws InterruptedException {
    var isFollowed = reply.isStream() && sent.length > 0 && sent[0] != '{' && sent[0] != '[';
    var text = isFollowed ? "" : reply.isStream() ? response(reply.sse()) : reply.body();
    var codes = new TreeSet<String>();
    for (var each : messages(text)) {
      var code = each.path("error").path("code");
      codes.add(code.isMissingNode() ? "" : " " + code.asInt());
      requireDiscreet(each, sent);
    }
    if (codes.isEmpty()) {
      codes.add("");
    }
    for (var code : codes) {
      var answer = reply.status() + code;
      answers.computeIfAbsent(answer, _ -> new LongAdder()).increment();
      if (!EXPECTED.contains(answer)) {
        fault("unexpected " + answer + " " + shown(text), sent);
      }
    }
  }

  /// None has come.
  void none(Throwable why, byte[] sent) {
    fault("no answer: " + why, sent);
  }

  void took(long nanos) {
    slowest.accumulateAndGet(nanos, Math::max);
  }

  Map<String, String> faults() {
    return faults;
  }

  Duration slowest() {
    return Duration.ofNanos(slowest.get());
  }

  long count() {
    return answers.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /// The share of the documents that got past the parser.
  double parsed() {
    return 1 - (double) answers.getOrDefault(NO_JSON, new LongAdder()).sum() / count();
  }

  /// The first message that is one, or the answer to a batch.
  private static String response(RawSse stream) throws InterruptedException {
    var message = stream.nextMessage();
    while (message.has("method")) {
      message = stream.nextMessage();
    }
    return message.toString();
  }

  private static List<JsonNode> messages(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    var answer = Json.of(text);
    return answer.isArray() ? answer.valueStream().toList() : List.of(answer);
  }

  /// The oddities have no such word, so what they echo does not count unless bytes made one.
  private void requireDiscreet(JsonNode message, byte[] sent) {
    var isError = message.has("error") || message.at("/result/isError").asBoolean(false);
    var said = message.toString();
    if (!isError) {
      return;
    }
    if (said.length() > ERROR_LENGTH_MAX) {
      fault("endless: " + shown(said), sent);
    }
    var found = INSIDES.matcher(said);
    if (found.find() && !text(sent).contains(found.group())) {
      fault("insides (" + found.group() + "): " + shown(said), sent);
    }
  }

  private void fault(String what, byte[] sent) {
    if (faults.size() < FAULTS_KEPT) {
      faults.putIfAbsent(what, shown(text(sent)));
    }
  }

  private static String text(byte[] sent) {
    return new String(sent, StandardCharsets.UTF_8);
  }

  private static String shown(String text) {
    return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) : text;
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append(count()).append(" answers, slowest ").append(slowest().toMillis()).append(" ms, ");
    text.append(Math.round(100 * parsed())).append(" % got past the parser");
    new TreeMap<>(answers)
        .forEach((answer, count) -> text.append("\n  ").append(answer).append("  ").append(count));
    return text.toString();
  }
}
