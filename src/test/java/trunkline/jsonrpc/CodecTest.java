package trunkline.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
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
  @ValueSource(strings = {"null", "1.5", "1.0", "-1.0e3", "1e-3", "true", "{}", "[]", "[1]"})
  void an_id_that_is_no_number_without_a_fraction_and_no_string_is_an_invalid_request(String id) {
    var refused = refused("{'jsonrpc':'2.0','id':" + id + ",'method':'ping'}");

    assertThat(refused.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(refused.error().message()).contains("id must be a number without a fraction");
    assertThat(
            new String(
                Codec.encode(new Failure(refused.id().orElse(null), refused.error())), UTF_8))
        .contains("\"id\":null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-7",
        "1e3",
        "1E+3",
        "-0e5",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "'1e3'",
        "''"
      })
  void an_id_comes_back_as_it_was_sent(String id) {
    var request = (Request) only("{'jsonrpc':'2.0','id':" + id + ",'method':'ping'}");
    var answer = Codec.encode(new Success(request.id(), Codec.object()));

    assertThat(new String(answer, UTF_8)).contains("\"id\":" + id.replace('\'', '"') + ",");
    assertThat(RequestId.decoded(request.id().encoded())).isEqualTo(request.id());
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
        "{'jsonrpc':'2.0','id':1,'method':'x','params':[1]}    | -32602",
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
    assertThat(refused("{'jsonrpc':'2.0','id':'a','method':'x','params':[1]}").id())
        .isEqualTo(Optional.of(new RequestId.Text("a")));
    assertThat(refused("{'jsonrpc':'2.0','id':null,'method':'x'}").id())
        .isEqualTo(Optional.of(new RequestId.Unreadable()));
  }

  @Test
  void absent_null_and_no_params_are_an_empty_object() {
    assertThat(only("{'jsonrpc':'2.0','method':'x'}")).isEqualTo(new Notification("x"));
    assertThat(only("{'jsonrpc':'2.0','method':'x','params':[]}")).isEqualTo(new Notification("x"));
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
  void a_replacement_character_is_a_text_where_the_client_sent_it() {
    var json = "{\"jsonrpc\":\"2.0\",\"method\":\"\uFFFD\"}".getBytes(UTF_8);
    var broken = "{\"jsonrpc\":\"2.0\",\"method\":\"\uFFFDx\"}".getBytes(UTF_8);
    broken[broken.length - 3] = (byte) 0x80; // instead of the x

    assertThat(Codec.decode(json)).isEqualTo(new Body.Single(new Notification("\uFFFD")));
    assertThat(catchThrowableOfType(RpcException.class, () -> Codec.decode(broken)).error().code())
        .isEqualTo(ErrorCode.PARSE_ERROR);
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
  void what_goes_out_is_one_line_of_utf8_whatever_it_holds() {
    var nasty = Codec.object().put("a\r\nb", "c\r\n\u0000\u2028😀");
    nasty.set("pojo", JsonNodeFactory.instance.binaryNode(new byte[200]));

    var bytes = Codec.encode(new Notification("x\n", nasty));

    assertThat(bytes).doesNotContain('\r', '\n');
    var again = (Notification) ((Body.Single) Codec.decode(bytes)).message();
    assertThat(again.params().path("a\r\nb").stringValue()).isEqualTo("c\r\n\u0000\u2028😀");
  }

  /// As Python's `splitlines` and others do.
  @Test
  void nothing_that_any_reader_breaks_lines_at_goes_out_raw() {
    for (var character = 0; character < 0x2100; character++) {
      var text = "é" + (char) character + "€";
      var params = Codec.object().put(text, text);

      var sent = new String(Codec.encode(new Notification("x", params)), UTF_8);

      assertThat(sent.chars().filter(CodecTest::isControlOrSeparator))
          .as("%04x", character)
          .isEmpty();
      assertThat(
              ((Notification) ((Body.Single) Codec.decode(sent.getBytes(UTF_8))).message())
                  .params())
          .isEqualTo(params);
    }
  }

  private static boolean isControlOrSeparator(int c) {
    return c < 0x20 || (c >= 0x80 && c < 0xA0) || c == 0x2028 || c == 0x2029;
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "a\udc00", "\ude00\ud83d", "\ud83d\ud83d\ude00"})
  void half_a_surrogate_pair_does_not_go_out(String half) {
    for (var params :
        List.of(
            Codec.object().put("a", half),
            Codec.object().put(half, 1),
            Codec.object().set("a", Codec.array().add(half)))) {
      assertThatExceptionOfType(NotUnicode.class)
          .isThrownBy(() -> Codec.encode(new Notification("x", params)))
          .withMessageContaining("surrogate pair");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'jsonrpc':'2.0','method':'x','params':{'a':'\\ud83d'}}",
        "{'jsonrpc':'2.0','method':'x','params':{'\\udc00':1}}",
        "{'jsonrpc':'2.0','method':'x','params':{'a':['\\ude00\\ud83d']}}",
        "{'jsonrpc':'2.0','id':'\\ud800','method':'x'}",
        "{'jsonrpc':'2.0','id':1,'method':'\\ud800'}",
      })
  void half_a_surrogate_pair_does_not_come_in(String json) {
    var refused = refused(json);

    assertThat(refused.error().code()).isEqualTo(ErrorCode.PARSE_ERROR);
    assertThat(refused.error().message()).contains("line 1, column ");
    assertThat(refused.error().message().contains("surrogate pair"))
        .isEqualTo(!json.contains("'\\udc00':")); // the parser itself refuses such a name
  }

  static final List<Arguments> BEYOND =
      List.of(
          arguments("nested deeper than 200 levels", "[".repeat(300) + "]".repeat(300)),
          arguments("nested deeper than 200 levels", "{'a':".repeat(300) + "1" + "}".repeat(300)),
          arguments("an object of more than 10000 names", object(10_001)),
          arguments("more than 500000 values", "[" + "0,".repeat(500_000) + "0]"),
          arguments("more than 1000 characters", "{'" + "n".repeat(1_001) + "':1}"),
          arguments("more than 16777216 characters", "'" + "t".repeat(16_777_217) + "'"),
          arguments("a number of more than 1000 characters", "9".repeat(1_001)),
          arguments("a number of more than 1000 characters", "0." + "9".repeat(1_001)),
          arguments("64-bit floating point", "9".repeat(999)),
          arguments("64-bit floating point", "-" + "9".repeat(310)),
          arguments("64-bit floating point", "1e400"),
          arguments("64-bit floating point", "-1.5E999999999999"),
          arguments("64-bit floating point", "1e" + "9".repeat(500)),
          arguments("a name that stands twice", "{'a':1,'a':1}"));

  private static String object(int names) {
    return IntStream.range(0, names)
        .mapToObj(name -> "'" + name + "':0")
        .collect(Collectors.joining(",", "{", "}"));
  }

  @ParameterizedTest
  @FieldSource("BEYOND")
  void what_is_beyond_a_bound_is_told_which(String bound, String value) {
    var refused = refused("{'jsonrpc':'2.0','id':1,'method':'x','params':{'v':" + value + "}}");

    assertThat(refused.error().code()).isEqualTo(ErrorCode.PARSE_ERROR);
    assertThat(refused.error().message()).contains(bound).contains("at line 1, column ");
  }

  /// None of them costs more than its length, and none becomes infinite.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e-999999999",
        "-0.0",
        "1e308",
        "4.9e-324",
        "0.00001",
        "1e-3",
        "12345678901234567890"
      })
  void a_number_within_the_bounds_is_read(String number) {
    var message = only("{'jsonrpc':'2.0','method':'x','params':{'n':" + number + "}}");
    var read = ((Notification) message).params().path("n");

    assertThat(read.doubleValue()).isEqualTo(Double.parseDouble(number));
    var again =
        ((Notification) ((Body.Single) Codec.decode(Codec.encode(message))).message())
            .params()
            .path("n");
    assertThat(again.doubleValue()).isEqualTo(read.doubleValue());
  }

  /// As a client in JavaScript would, so that what it prints of our JSON is our text.
  @ParameterizedTest
  @CsvSource({
    "5.0, 5",
    "-0.5, -0.5",
    "0.0, 0",
    "-0.0, -0",
    "1e3, 1000",
    "1.50, 1.5",
    "0.1, 0.1",
    "1e20, 100000000000000000000",
    "1e21, 1e+21",
    "1.5e300, 1.5e+300",
    "0.000001, 0.000001",
    "1e-7, 1e-7",
    "-1.25e-9, -1.25e-9",
    "123456789012345680000000, 123456789012345680000000"
  })
  void a_number_is_spelled_as_javascript_does(String given, String spelled) {
    assertThat(Codec.text(Codec.tree(given))).isEqualTo(spelled);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{", "[", "{'a'", "{'a':", "{'a':1", "{'a' 1}", "{,}", "[,]", "[1,]", "[1 2]", "'", "'\\x'",
            "'\t'",
        "{a:1}", "tru", "nul", "NaN", "Infinity", "+1", "01", "1.", ".5", "1e", "--1", "0x10",
            "\u0001",
        "{} {}", "]", "}", "// no", "{'jsonrpc':'2.0'} x", "'\\ud8'", "{1:2}", "{null:2}", "<html>"
      })
  void a_parse_error_says_where_and_nothing_of_our_insides(String json) {
    var error = refused(json).error();

    assertThat(error.code()).isEqualTo(ErrorCode.PARSE_ERROR);
    assertThat(error.message())
        .matches("Parse error: .* at line [0-9]+, column [0-9]+.*")
        .doesNotContainIgnoringCase("jackson", "Feature", "Constraints", "Source", "token", "CTRL");
  }

  @Test
  void a_byte_order_mark_is_passed_over() {
    assertThat(decode("\uFEFF{'jsonrpc':'2.0','method':'x'}"))
        .isEqualTo(new Body.Single(new Notification("x")));
    assertThat(refused("\uFEFF").error().message()).contains("empty");
    assertThat(refused("\uFEFF\uFEFF{}").error().code()).isEqualTo(ErrorCode.PARSE_ERROR);
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
