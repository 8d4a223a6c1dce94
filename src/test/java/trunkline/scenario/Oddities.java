package trunkline.scenario;

import java.util.List;
import java.util.Map;

/// What requests are made of and spoilt with; single quotes stand for double ones. None of it is a
/// word of our insides, so that such a word in an answer is not the client's.
final class Oddities {
  /// All methods, with parameters that are right.
  static final List<String> METHODS =
      List.of(
          "ping {}",
          "tools/list {'cursor':''}",
          "tools/call {'name':'bind','arguments':{'text':'x','whole':1,'large':2,'small':3,"
              + "'huge':4,'number':1.5,'narrow':2.5,'decimal':3.5,'maybeWhole':5}}",
          "tools/call {'name':'bind','arguments':{'maybeNumber':0.5,'flag':true,'colour':'RED',"
              + "'date':'2026-02-28','time':'12:00:00','moment':'2026-02-28T12:00:00Z',"
              + "'instant':'2026-02-28T12:00:00Z','duration':'PT1S','uri':'a:b',"
              + "'uuid':'00000000-0000-0000-0000-000000000000'}}",
          "tools/call {'name':'bind','arguments':{'wholes':[1,2],'texts':['a','b'],"
              + "'leaves':{'a':{'text':'x','number':1}},'object':{'a':[1,{}]},'json':null}}",
          "tools/call {'name':'keep','arguments':{'name':'a','value':{'b':[1.5,null]}}}",
          "tools/call {'name':'keep','arguments':{'name':'a','value':1},'task':{'ttl':1000}}",
          "tools/call {'name':'say','arguments':{'name':'a','value':1},"
              + "'_meta':{'progressToken':'t'}}",
          "tools/call {'name':'echo','arguments':{'text':'x'},'_meta':{'progressToken':1}}",
          "tools/call {'name':'need_visit','arguments':{'elicitation':'x'}}",
          "tools/call {'name':'ask_name','arguments':{}}",
          "resources/list {'cursor':''}",
          "resources/templates/list {'cursor':'x'}",
          "resources/read {'uri':'fuzz://plain'}",
          "resources/read {'uri':'fuzz://each/a%20b?page=1'}",
          "resources/subscribe {'uri':'fuzz://plain'}",
          "resources/unsubscribe {'uri':'fuzz://plain'}",
          "prompts/list {'cursor':''}",
          "prompts/get {'name':'greet','arguments':{'who':'b'}}",
          "completion/complete {'ref':{'type':'ref/prompt','name':'greet'},"
              + "'argument':{'name':'who','value':'o'},'context':{'arguments':{'a':'b'}}}",
          "completion/complete {'ref':{'type':'ref/resource','uri':'fuzz://each/{id}{?page}'},"
              + "'argument':{'name':'id','value':'o'}}",
          "logging/setLevel {'level':'error'}",
          "tasks/get {'taskId':'00000000000000000000000000000000'}",
          "tasks/result {'taskId':'00000000000000000000000000000000'}",
          "tasks/cancel {'taskId':'00000000000000000000000000000000'}",
          "tasks/list {'cursor':''}",
          "initialize {'protocolVersion':'2025-11-25','capabilities':{'roots':{}},"
              + "'clientInfo':{'name':'x','version':'1'}}");

  /// Messages that are no requests.
  static final List<String> OTHERS =
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

  static final List<String> NAMES =
      List.of(
          "",
          "a",
          "id",
          "jsonrpc",
          "method",
          "params",
          "result",
          "error",
          "_meta",
          "io.modelcontextprotocol/protocolVersion",
          "progressToken",
          "task",
          "ttl",
          "cursor",
          "requestId",
          "taskId",
          "name",
          "uri",
          "arguments",
          "text",
          "value",
          "\\u0000",
          "\\u2028",
          "$ref",
          "__proto__",
          "é".repeat(200),
          "x".repeat(1_000));

  /// All of them JSON within the bounds, as are the next two.
  static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-1",
          "1.0",
          "1e3",
          "1e-3",
          "1.5",
          "-1e308",
          "1e-999999999",
          "2147483647",
          "2147483648",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "9".repeat(30),
          "9".repeat(308),
          "0." + "3".repeat(900),
          "1" + "0".repeat(300) + "e-300");

  /// In quotes.
  static final List<String> TEXTS =
      List.of(
          "''",
          "'\\u0000'",
          "'a\\u0000b'",
          "'\\u2028\\u2029'",
          "'\\u0085\\u001b[1m'",
          "'\\u202e\\ufeff\\ufffe'",
          "'\\ud83d\\ude00'",
          "'a\\nb'",
          "'%n$s%s{}'",
          "'../../etc/passwd'",
          "'\\\"; drop table x; --'",
          "'" + "x".repeat(256) + "'",
          "'" + "é".repeat(5_000) + "'",
          "'" + "x".repeat(300_000) + "'",
          "'0'",
          "'1e400'",
          "'" + "9".repeat(400) + "'",
          "'2026-02-30'",
          "'+999999999-12-31T23:59:59.999999999-18:00'",
          "'PT9223372036854775807S'",
          "'a b:%zz'",
          "'fuzz://each/%00?page=%ff'",
          "'fuzz://each/" + "x".repeat(3_000) + "'",
          "'greet'",
          "'bind'",
          "'emergency'",
          "'tools/call'",
          "'tasks/result'",
          "'initialize'",
          "'2026-07-28'",
          "'2025-03-26'",
          "'ZmVhdHVyZTox'",
          "'notifications/x'");

  /// And words.
  static final List<String> STRUCTURES =
      List.of(
          "null",
          "true",
          "false",
          "{}",
          "[]",
          "[[]]",
          "{'a':{}}",
          "{'':''}",
          "[".repeat(190) + "]".repeat(190),
          "{'a':".repeat(150) + "1" + "}".repeat(150),
          "[" + "1,".repeat(2_000) + "1]");

  /// No JSON, or none that is taken.
  static final List<String> BEYOND =
      List.of(
          "1E400",
          "-1e999999999",
          "9".repeat(309),
          "9".repeat(999),
          "9".repeat(1_001),
          "NaN",
          "-Infinity",
          "+1",
          "01",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\\x\"",
          "[".repeat(400) + "]".repeat(400),
          "{\"a\":1,\"a\":2}",
          "{\"" + "x".repeat(1_001) + "\":1}",
          "");

  static final Map<String, List<String>> HEADERS =
      Map.of(
          "Accept",
          List.of("*/*", "application/json", "text/event-stream", "text/html", "q=1;;,", "a;q=0"),
          "Content-Type",
          List.of("text/plain", "application/json;charset=utf8", ";", "a".repeat(99), "é"),
          "MCP-Protocol-Version",
          List.of("2025-03-26", "2026-07-28", "1999-01-01", "9".repeat(999), "é"),
          "Mcp-Session-Id",
          List.of("0".repeat(32), "x", "'", "a".repeat(2_000), "\u0001"),
          "Last-Event-ID",
          List.of(
              "1.2.3",
              "-",
              "9".repeat(99),
              "0.0.0",
              "-1.0.0",
              "1.0",
              "1.0.0.0.0",
              "999999999999999999.9223372036854775807.9223372036854775807",
              "1.4611686018427387903.4611686018427387903",
              "1.4611686018427387904.0",
              "1.0.0\t",
              "%00",
              "é"),
          "Content-Encoding",
          List.of("gzip", "identity", "x"),
          "Origin",
          List.of("null", "http://evil.example.com", "x"),
          "Mcp-Method",
          List.of("x", "tools/call"));

  private Oddities() {}
}
