package trunkline.scenario;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Valid requests, and what can be done to them: pieces of JSON are swapped, repeated, cut and
/// replaced by what parsers, numbers and databases stumble over.
final class Mutations {
  private static final List<String> METHODS =
      List.of(
          "ping {}",
          "tools/list {'cursor':''}",
          "tools/call {'name':'echo','arguments':{'text':'x'},'_meta':{'progressToken':1}}",
          "tools/call {'name':'count','arguments':{'to':2},'_meta':{'progressToken':'t'}}",
          "tools/call {'name':'say','arguments':{'level':'error','text':'x'}}",
          "tools/call {'name':'echo','arguments':{'text':'x'},'task':{'ttl':1000}}",
          "tools/call {'name':'remember','arguments':{}}",
          "resources/list {}",
          "resources/templates/list {'cursor':'x'}",
          "resources/read {'uri':'scenario://weather'}",
          "resources/subscribe {'uri':'scenario://weather'}",
          "resources/unsubscribe {'uri':'scenario://weather'}",
          "prompts/list {}",
          "prompts/get {'name':'x','arguments':{'a':'b'}}",
          "completion/complete {'ref':{'type':'ref/prompt','name':'x'},"
              + "'argument':{'name':'a','value':'b'}}",
          "logging/setLevel {'level':'error'}",
          "tasks/get {'taskId':'00000000000000000000000000000000'}",
          "tasks/result {'taskId':'00000000000000000000000000000000'}",
          "tasks/cancel {'taskId':'00000000000000000000000000000000'}",
          "tasks/list {'cursor':''}",
          "initialize {'protocolVersion':'2025-11-25','capabilities':{'roots':{}},"
              + "'clientInfo':{'name':'x','version':'1'}}");

  private static final List<String> OTHERS =
      List.of(
          "{'jsonrpc':'2.0','method':'notifications/initialized'}",
          "{'jsonrpc':'2.0','method':'notifications/cancelled',"
              + "'params':{'requestId':7,'reason':'x'}}",
          "{'jsonrpc':'2.0','method':'notifications/progress',"
              + "'params':{'progressToken':1,'progress':1,'total':2,'message':'x'}}",
          "{'jsonrpc':'2.0','method':'notifications/roots/list_changed'}",
          "{'jsonrpc':'2.0','id':1,'result':{'roots':[]}}",
          "{'jsonrpc':'2.0','id':1,'error':{'code':-1,'message':'x','data':{}}}",
          "[{'jsonrpc':'2.0','id':1,'method':'ping'},{'jsonrpc':'2.0','id':2,'method':'ping'}]");

  private static final List<String> NASTY =
      List.of(
          "0",
          "-0",
          "-1",
          "1.0",
          "1e3",
          "1e-3",
          "1E400",
          "-1e999999999",
          "1e-999999999",
          "1.5",
          "2147483648",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "9".repeat(30),
          "9".repeat(308),
          "9".repeat(309),
          "9".repeat(999),
          "9".repeat(1001),
          "0." + "3".repeat(900),
          "1" + "0".repeat(500) + "e-500",
          "NaN",
          "Infinity",
          "+1",
          "01",
          "null",
          "true",
          "false",
          "{}",
          "[]",
          "[[]]",
          "{'a':{}}",
          "{'':''}",
          "''",
          "'\\u0000'",
          "'\\ud800'",
          "'\\udc00\\ud800'",
          "'\\u2028'",
          "'\\u0085'",
          "'\\ud83d\\ude00'",
          "'a\\nb'",
          "'%n$s%s{}'",
          "'../../etc/passwd'",
          "'\\\"; drop table x'",
          "'" + "x".repeat(256) + "'",
          "'" + "é".repeat(5_000) + "'",
          "'\\'",
          "[".repeat(199) + "]".repeat(199),
          "[".repeat(400) + "]".repeat(400),
          "{'a':".repeat(150) + "1" + "}".repeat(150),
          "[" + "1,".repeat(2_000) + "1]",
          "{'a':1,'a':2}",
          "'2026-07-28'",
          "'notifications/x'");

  private static final Map<String, List<String>> HEADERS = headers();

  private final RandomGenerator random;

  Mutations(RandomGenerator random) {
    this.random = random;
  }

  private static Map<String, List<String>> headers() {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put(
        "Accept",
        List.of("*/*", "application/json", "text/event-stream", "text/html", "q=1;;,", "a/b;q=0"));
    headers.put(
        "Content-Type",
        List.of("text/plain", "application/json;charset=utf8", ";", "a".repeat(99)));
    headers.put(
        "MCP-Protocol-Version", List.of("2025-03-26", "2026-07-28", "1999-01-01", "9".repeat(999)));
    headers.put("Mcp-Session-Id", List.of("0".repeat(32), "x", "'", "a".repeat(2_000)));
    headers.put("Last-Event-ID", List.of("1.2.3", "-", "9".repeat(99)));
    headers.put("Content-Encoding", List.of("gzip", "identity", "x"));
    headers.put("Origin", List.of("null", "http://evil.example.com", "x"));
    return headers;
  }

  /// A valid message under this id with one to four faults.
  byte[] document(long id) {
    var text = spoilt(valid(id));
    var bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(20) == 0 && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  /// Names and values; mostly none.
  String[] header() {
    if (random.nextInt(8) > 0) {
      return new String[0];
    }
    var name = any(List.copyOf(HEADERS.keySet()));
    return new String[] {name, any(HEADERS.get(name))};
  }

  private String valid(long id) {
    if (random.nextInt(4) == 0) {
      return any(OTHERS);
    }
    var call = any(METHODS).split(" ", 2);
    return "{'jsonrpc':'2.0','id':%d,'method':'%s','params':%s}".formatted(id, call[0], call[1]);
  }

  private String spoilt(String json) {
    var text = json;
    for (var fault = random.nextInt(1, 5); fault > 0; fault--) {
      text = fault(text);
    }
    return text;
  }

  private String fault(String json) {
    var pieces = pieces(json);
    if (pieces.isEmpty()) {
      return any(NASTY);
    }
    var piece = any(pieces);
    var before = json.substring(0, piece[0]);
    var it = json.substring(piece[0], piece[1]);
    var after = json.substring(piece[1]);
    return switch (random.nextInt(12)) {
      case 0 -> before + after;
      case 1 -> before + it + "," + it + after;
      case 2 -> before + "[" + it + "]" + after;
      case 3 -> json.substring(0, random.nextInt(json.length()));
      case 4 -> {
        var other = any(pieces);
        yield before + json.substring(other[0], other[1]) + after;
      }
      default -> before + any(NASTY) + after;
    };
  }

  /// Where its texts, numbers and words are.
  private static List<int[]> pieces(String json) {
    List<int[]> pieces = new ArrayList<>();
    for (var at = 0; at < json.length(); at++) {
      var start = at;
      if (json.charAt(at) == '\'') {
        at = json.indexOf('\'', at + 1);
        if (at < 0) {
          return pieces;
        }
        pieces.add(new int[] {start, at + 1});
      } else if (Character.isLetterOrDigit(json.charAt(at))) {
        while (at < json.length() && Character.isLetterOrDigit(json.charAt(at))) {
          at++;
        }
        pieces.add(new int[] {start, at});
        at--;
      }
    }
    return pieces;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
