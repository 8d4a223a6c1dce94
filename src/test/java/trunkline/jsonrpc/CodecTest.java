package trunkline.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import trunkline.jsonrpc.Message.Notification;
import trunkline.jsonrpc.Message.Request;
import trunkline.jsonrpc.Response.Failure;
import trunkline.jsonrpc.Response.Success;

class CodecTest {
  @Test
  void each_kind_of_message_survives_the_way_out_and_back() {
    var params = Codec.object().put("name", "value");
    List<Message> messages =
        List.of(
            new Request(new RequestId.Whole(Long.MAX_VALUE), "tools/call", params),
            new Request(new RequestId.Text("1"), "ping", Codec.object()),
            new Notification("notifications/progress", params),
            new Notification("notifications/initialized"),
            new Success(new RequestId.Whole(0), Codec.object()),
            new Failure(new RequestId.Text(""), new RpcError(-1, "rejected", params)),
            new Failure(null, new RpcError(ErrorCode.PARSE_ERROR, "Parse error")));

    for (var message : messages) {
      assertThat(Codec.decode(Codec.encode(message))).isEqualTo(new Body.Single(message));
    }
    assertThat(Codec.decode(Codec.batch(messages.stream().map(Codec::encode).toList())))
        .isEqualTo(new Body.Batch(messages));
  }

  @Test
  void ids_keep_their_type() {
    assertThat(((Request) only("{'jsonrpc':'2.0','id':1,'method':'ping'}")).id())
        .isEqualTo(new RequestId.Whole(1));
    assertThat(((Request) only("{'jsonrpc':'2.0','id':'1','method':'ping'}")).id())
        .isEqualTo(new RequestId.Text("1"));
    assertThat(new RequestId.Whole(1).encoded()).isEqualTo("1");
    assertThat(new RequestId.Text("a\"\n").encoded()).isEqualTo("\"a\\\"\\n\"");
    assertThat(RequestId.decoded("\"a\\\"\\n\"")).isEqualTo(new RequestId.Text("a\"\n"));
    assertThat(RequestId.decoded("-7")).isEqualTo(new RequestId.Whole(-7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1.5", "1.0", "1e2", "true", "{}", "[]", "9223372036854775808"})
  void an_id_that_is_no_integer_of_64_bits_and_no_string_is_an_invalid_request(String id) {
    assertThat(refused("{'jsonrpc':'2.0','id':" + id + ",'method':'ping'}").error().code())
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void an_id_may_not_be_longer_than_what_can_be_indexed() {
    var longest = "x".repeat(RequestId.TEXT_LENGTH_MAX);

    only("{'jsonrpc':'2.0','id':'" + longest + "','method':'ping'}");
    assertThat(refused("{'jsonrpc':'2.0','id':'x" + longest + "','method':'ping'}").error().code())
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                    | -32700",
        "{                                                     | -32700",
        "hello                                                 | -32700",
        "{'jsonrpc':'2.0','id':1,'method':'ping'} {}           | -32700",
        "{'jsonrpc':'2.0','id':1,'method':'ping'} garbage      | -32700",
        "{'jsonrpc':'2.0','id':1,'method':'ping','method':'x'} | -32700",
        "{'jsonrpc':'2.0','method':'x','params':{'a':1,'a':2}} | -32700",
        "{'a':NaN}                                             | -32700",
        "null                                                  | -32600",
        "7                                                     | -32600",
        "'text'                                                | -32600",
        "[]                                                    | -32600",
        "[7]                                                   | -32600",
        "[{'jsonrpc':'2.0','method':'x'},{}]                   | -32600",
        "{}                                                    | -32600",
        "{'id':1,'method':'ping'}                              | -32600",
        "{'jsonrpc':2.0,'id':1,'method':'ping'}                | -32600",
        "{'jsonrpc':'1.0','id':1,'method':'ping'}              | -32600",
        "{'jsonrpc':'2.0','id':1}                              | -32600",
        "{'jsonrpc':'2.0','id':1,'method':7}                   | -32600",
        "{'jsonrpc':'2.0','id':1,'method':''}                  | -32600",
        "{'jsonrpc':'2.0','id':1,'method':'x','params':7}      | -32600",
        "{'jsonrpc':'2.0','id':1,'method':'x','params':[]}     | -32602",
        "{'jsonrpc':'2.0','id':1,'method':'x','result':{}}     | -32600",
        "{'jsonrpc':'2.0','id':1,'result':{},'error':{}}       | -32600",
        "{'jsonrpc':'2.0','result':{}}                         | -32600",
        "{'jsonrpc':'2.0','id':1,'error':'no'}                 | -32600",
        "{'jsonrpc':'2.0','id':1,'error':{'code':1.5,'message':''}} | -32600",
      },
      quoteCharacter = '`')
  void what_is_not_a_message_gets_the_code_that_says_so(String json, int code) {
    var body = json.equals("''") ? "" : json;

    assertThat(refused(body).error().code()).isEqualTo(code);
  }

  @Test
  void a_refused_request_names_its_id_when_it_could_be_read() {
    assertThat(refused("{'jsonrpc':'2.0','id':'a','method':'x','params':[]}").id())
        .isEqualTo(Optional.of(new RequestId.Text("a")));
    assertThat(refused("{'jsonrpc':'2.0','id':null,'method':'x'}").id()).isEmpty();
  }

  @Test
  void absent_and_null_params_are_an_empty_object() {
    assertThat(only("{'jsonrpc':'2.0','method':'x'}")).isEqualTo(new Notification("x"));
    assertThat(only("{'jsonrpc':'2.0','method':'x','params':null}"))
        .isEqualTo(new Notification("x"));
  }

  @Test
  void a_failure_may_answer_a_request_with_an_unreadable_id() {
    assertThat(only("{'jsonrpc':'2.0','id':null,'error':{'code':1,'message':'no'}}"))
        .isEqualTo(new Failure(null, new RpcError(1, "no")));
  }

  @Test
  void only_utf8_is_read() {
    var json = "{\"jsonrpc\":\"2.0\",\"method\":\"é\"}";
    byte[] overlong = {'"', (byte) 0xC0, (byte) 0xAF, '"'};
    byte[] halfPair = {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};

    assertThat(Codec.decode(json.getBytes(UTF_8)))
        .isEqualTo(new Body.Single(new Notification("é")));
    for (var bytes :
        List.of(
            json.getBytes(UTF_16),
            json.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
            overlong,
            halfPair)) {
      assertThat(catchThrowableOfType(RpcException.class, () -> Codec.decode(bytes)).error().code())
          .isEqualTo(ErrorCode.PARSE_ERROR);
    }
  }

  @Test
  void nesting_is_limited_before_it_costs_a_stack() {
    var deep = "[".repeat(100_000) + "]".repeat(100_000);
    var most = "[".repeat(Codec.NESTING_MAX - 2) + "]".repeat(Codec.NESTING_MAX - 2);

    assertThat(refused("{'jsonrpc':'2.0','method':'x','params':{'a':" + deep + "}}").error().code())
        .isEqualTo(ErrorCode.PARSE_ERROR);
    only("{'jsonrpc':'2.0','method':'x','params':{'a':" + most + "}}");
  }

  @Test
  void integers_keep_their_value_and_endless_numbers_are_refused() {
    var big = "123456789012345678901234567890";
    var message = only("{'jsonrpc':'2.0','method':'x','params':{'n':" + big + "}}");

    assertThat(((Notification) message).params().path("n").bigIntegerValue())
        .isEqualTo(new BigInteger(big));
    assertThat(new String(Codec.encode(message), UTF_8)).contains(":" + big + "}");
    assertThat(
            refused("{'jsonrpc':'2.0','method':'x','params':{'n':" + "9".repeat(2000) + "}}")
                .error()
                .code())
        .isEqualTo(ErrorCode.PARSE_ERROR);
  }

  @Test
  void a_number_beyond_a_double_does_not_spoil_what_goes_out() {
    var message = only("{'jsonrpc':'2.0','method':'x','params':{'n':1e400}}");

    assertThat(Codec.decode(Codec.encode(message))).isInstanceOf(Body.Single.class);
  }

  @Test
  void what_goes_out_is_one_line_of_utf8_whatever_it_holds() {
    var nasty = Codec.object().put("a\r\nb", "c\r\n\u0000\u2028😀").put("half", "\ud83d");
    nasty.set("pojo", JsonNodeFactory.instance.binaryNode(new byte[200]));

    var bytes = Codec.encode(new Notification("x\n", nasty));

    assertThat(bytes).doesNotContain('\r', '\n');
    var again = (Notification) ((Body.Single) Codec.decode(bytes)).message();
    assertThat(again.params().path("a\r\nb").stringValue()).isEqualTo("c\r\n\u0000\u2028😀");
    assertThat(again.params().path("half").stringValue()).isEqualTo("?");
  }

  @Test
  void a_batch_is_bounded() {
    var message = "{'jsonrpc':'2.0','method':'x'}";
    var most = "[" + (message + ",").repeat(Codec.BATCH_MESSAGES_MAX - 1) + message + "]";

    assertThat(((Body.Batch) decode(most)).messages()).hasSize(Codec.BATCH_MESSAGES_MAX);
    assertThat(refused(most.replaceFirst("\\[", "[" + message + ",")).error().code())
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  private static Body decode(String json) {
    return Codec.decode(json.replace('\'', '"').getBytes(UTF_8));
  }

  private static Message only(String json) {
    return ((Body.Single) decode(json)).message();
  }

  private static RpcException refused(String json) {
    return catchThrowableOfType(RpcException.class, () -> decode(json));
  }
}
