package trunkline.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.RpcException;

/// What headers repeat of a body, and what is no repetition. `-` is a header that is not there.
class MirroredHeadersTest {
  private static final Tool TOOL =
      Tool.named("route")
          .description("Takes one of each kind")
          .inputSchema(
              """
              {"type": "object", "properties": {
                "text": {"type": "string", "x-mcp-header": "Text"},
                "number": {"type": "integer", "x-mcp-header": "Number"},
                "yes": {"type": "boolean", "x-mcp-header": "Yes"},
                "deep": {"type": "object", "properties": {
                  "region": {"type": "string", "x-mcp-header": "Region"}}}}}
              """)
          .handler((arguments, context) -> ToolResult.text("ok"));

  private static ObjectNode json(String text) {
    return Codec.objectFrom(text.replace('\'', '"'));
  }

  private static Message.Request request(String method, String params) {
    return new Message.Request(new RequestId.Whole(1), method, json(params));
  }

  private static McpHeaders headers(String... namesAndValues) {
    var values = new java.util.HashMap<String, String>();
    for (int index = 0; index < namesAndValues.length; index += 2) {
      if (!namesAndValues[index + 1].equals("-")) {
        values.put(namesAndValues[index], namesAndValues[index + 1]);
      }
    }
    return new McpHeaders(Map.copyOf(values));
  }

  private static Optional<Integer> refusal(Runnable check) {
    return Optional.ofNullable(catchThrowableOfType(RpcException.class, check::run))
        .map(refused -> refused.error().code());
  }

  @ParameterizedTest
  @CsvSource({
    "tools/call,     name,   tools/call, route,                    fits",
    "tools/call,     name,   tools/call, =?base64?cm91dGU=?=,      fits",
    "tools/call,     name,   tools/call, =?base64?cm91dGU?=,       -32020",
    "tools/call,     name,   tools/call, Route,                    -32020",
    "tools/call,     name,   tools/call, -,                        -32020",
    "tools/call,     name,   tools/call, '',                       -32020",
    "tools/call,     name,   TOOLS/CALL, route,                    -32020",
    "tools/call,     name,   tools/list, route,                    -32020",
    "tools/call,     name,   -,          route,                    -32020",
    "tools/call,     name,   =?base64?dG9vbHMvY2FsbA==?=, route,   -32020",
    "prompts/get,    name,   prompts/get, route,                   fits",
    "prompts/get,    name,   prompts/get, other,                   -32020",
    "resources/read, uri,    resources/read, route,                fits",
    "resources/read, uri,    resources/read, -,                    -32020",
    "tasks/get,      taskId, tasks/get,  route,                    fits",
    "tasks/get,      taskId, tasks/get,  other,                    -32020",
    "tasks/update,   taskId, tasks/update, -,                      -32020",
    "tasks/cancel,   taskId, tasks/cancel, other,                  -32020",
    "tools/list,     name,   tools/list, -,                        fits",
    "tools/list,     name,   tools/list, other,                    fits",
    "completion/complete, name, completion/complete, -,            fits"
  })
  void method_and_name_are_repeated(
      String method, String member, String methodHeader, String nameHeader, String outcome) {
    var headers = headers("mcp-method", methodHeader, "mcp-name", nameHeader);

    var refusal =
        refusal(() ->
            new MirroredHeaders(headers).require(request(method, "{'" + member + "':'route'}")));

    assertThat(refusal.map(String::valueOf).orElse("fits")).isEqualTo(outcome);
  }

  /// Whoever asks for what has no name is told that, and not that a header is missing.
  @Test
  void what_has_no_name_needs_none_repeated() {
    var headers = headers("mcp-method", "tools/call");

    assertThatCode(() -> new MirroredHeaders(headers).require(request("tools/call", "{}")))
        .doesNotThrowAnyException();
    assertThatCode(() -> new MirroredHeaders(headers).require(request("tools/call", "{'name':7}")))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'text':'eu'}             | text   | eu                  | fits",
        "{'text':'eu'}             | text   | =?base64?ZXU=?=     | fits",
        "{'text':'ümläut'}         | text   | =?base64?w7xtbMOkdXQ=?= | fits",
        "{'text':'eu'}             | text   | EU                  | -32020",
        "{'text':'eu'}             | text   | -                   | -32020",
        "{'text':'eu'}             | text   | =?base64?ZXU?=      | -32020",
        "{'text':'=?base64?'}      | text   | =?base64?           | fits",
        "{'text':''}               | text   | ''                  | fits",
        "{'text':''}               | text   | =?base64??=         | fits",
        "{'text':''}               | text   | -                   | -32020",
        "{'text':null}             | text   | -                   | fits",
        "{}                        | text   | -                   | fits",
        "{'number':42}             | number | 42                  | fits",
        "{'number':42}             | number | 42.0                | fits",
        "{'number':42.0}           | number | 42                  | fits",
        "{'number':-7}             | number | -7                  | fits",
        "{'number':9007199254740991} | number | 9007199254740991  | fits",
        "{'number':9007199254740991} | number | 9007199254740990  | -32020",
        "{'number':42}             | number | 43                  | -32020",
        "{'number':42}             | number | forty-two           | -32020",
        "{'number':42}             | number | ''                  | -32020",
        "{'number':42}             | number | -                   | -32020",
        "{'yes':true}              | yes    | true                | fits",
        "{'yes':true}              | yes    | TRUE                | -32020",
        "{'yes':false}             | yes    | false               | fits",
        "{'yes':false}             | yes    | -                   | -32020",
        "{'deep':{'region':'eu'}}  | region | eu                  | fits",
        "{'deep':{'region':'eu'}}  | region | us                  | -32020",
        "{'deep':{}}               | region | -                   | fits",
        "{'deep':'eu'}             | region | -                   | fits",
        "{}                        | unknown | anything           | fits"
      })
  void arguments_are_repeated(String arguments, String name, String value, String outcome) {
    var headers = headers("mcp-param-" + name, value);

    var refusal = refusal(() -> new MirroredHeaders(headers).require(TOOL, json(arguments)));

    assertThat(refusal.map(String::valueOf).orElse("fits")).isEqualTo(outcome);
  }

  @Test
  void a_number_too_long_to_be_one_is_not_computed() {
    var headers = headers("mcp-param-number", "1e" + "9".repeat(98));

    assertThat(refusal(() -> new MirroredHeaders(headers).require(TOOL, json("{'number':1}"))))
        .contains(-32020);
  }
}
