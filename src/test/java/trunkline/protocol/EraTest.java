package trunkline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RpcException;

/// Which era a message belongs to, by its body and its version header.
class EraTest {
  private static final String CLAIM =
      ",'params':{'_meta':{'" + trunkline.protocol.wire.Envelope.VERSION + "':";
  private static final String ABLE = "'io.modelcontextprotocol/clientCapabilities':{}";
  private static final McpHeaders NO_VERSION = McpHeaders.NONE;

  private static Message message(String kind) {
    var json =
        switch (kind) {
          case "ping" -> "{'jsonrpc':'2.0','id':1,'method':'ping'}";
          case "unclaimed" -> "{'jsonrpc':'2.0','id':1,'method':'ping','params':{'_meta':{}}}";
          case "initialize" -> "{'jsonrpc':'2.0','id':1,'method':'initialize'}";
          case "claiming" ->
              "{'jsonrpc':'2.0','id':1,'method':'ping'" + CLAIM + "'2026-07-28'," + ABLE + "}}}";
          case "claiming nothing else" ->
              "{'jsonrpc':'2.0','id':1,'method':'ping'" + CLAIM + "'2026-07-28'}}}";
          case "claiming 2025-11-25" ->
              "{'jsonrpc':'2.0','id':1,'method':'ping'" + CLAIM + "'2025-11-25'," + ABLE + "}}}";
          case "claiming 1999-01-01" ->
              "{'jsonrpc':'2.0','id':1,'method':'ping'" + CLAIM + "'1999-01-01'," + ABLE + "}}}";
          case "claiming initialize" ->
              "{'jsonrpc':'2.0','id':1,'method':'initialize'"
                  + CLAIM
                  + "'2026-07-28',"
                  + ABLE
                  + "}}}";
          case "claiming 7" ->
              "{'jsonrpc':'2.0','id':1,'method':'ping'" + CLAIM + "7," + ABLE + "}}}";
          case "notification" -> "{'jsonrpc':'2.0','method':'notifications/x'}";
          case "claiming notification" ->
              "{'jsonrpc':'2.0','method':'notifications/x'" + CLAIM + "'2026-07-28'}}}";
          case "response" -> "{'jsonrpc':'2.0','id':1,'result':{}}";
          case "error" -> "{'jsonrpc':'2.0','id':1,'error':{'code':1,'message':'x'}}";
          default -> throw new IllegalArgumentException(kind);
        };
    return ((Body.Single) decoded(json)).message();
  }

  private static Body decoded(String json) {
    try {
      return Codec.decode(
          json.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (RpcException e) {
      throw new AssertionError(json, e);
    }
  }

  private static McpHeaders version(String version) {
    return version.equals("none")
        ? NO_VERSION
        : new McpHeaders(Map.of("mcp-protocol-version", version));
  }

  private static String outcome(Era era) {
    return switch (era) {
      case Era.Stateful() -> "stateful";
      case Era.Stateless(var envelope, var _) -> "stateless " + envelope.version();
      case Era.Ignored() -> "ignored";
      case Era.Refused(var error) -> Integer.toString(error.code());
    };
  }

  @ParameterizedTest
  @CsvSource({
    "ping,                  none,       stateful",
    "unclaimed,             none,       stateful",
    "ping,                  2024-11-05, stateful",
    "ping,                  2025-03-26, stateful",
    "ping,                  2025-11-25, stateful",
    "ping,                  1999-01-01, -32022",
    "ping,                  DRAFT,      -32022",
    "initialize,            none,       stateful",
    "initialize,            2025-06-18, stateful",
    "initialize,            1999-01-01, stateful",
    "initialize,            2026-07-28, stateful",
    "ping,                  2026-07-28, -32602",
    "unclaimed,             2026-07-28, -32602",
    "claiming,              2026-07-28, stateless 2026-07-28",
    "claiming,              none,       -32020",
    "claiming,              2025-11-25, -32020",
    "claiming,              1999-01-01, -32020",
    "claiming initialize,   2026-07-28, stateless 2026-07-28",
    "claiming initialize,   none,       stateful",
    "claiming initialize,   2025-11-25, stateful",
    "claiming 2025-11-25,   2025-11-25, -32022",
    "claiming 1999-01-01,   1999-01-01, -32022",
    "claiming 1999-01-01,   2026-07-28, -32020",
    "claiming nothing else, 2026-07-28, -32602",
    "claiming nothing else, none,       -32602",
    "claiming 7,            2026-07-28, -32602",
    "claiming 7,            none,       -32602",
    "notification,          none,       stateful",
    "notification,          2025-06-18, stateful",
    "notification,          1999-01-01, -32022",
    "notification,          2026-07-28, ignored",
    "claiming notification, none,       ignored",
    "response,              none,       stateful",
    "response,              2025-11-25, stateful",
    "response,              1999-01-01, -32022",
    "response,              2026-07-28, -32600",
    "error,                 1999-01-01, -32022",
  })
  void body_and_header_decide(String kind, String version, String outcome) {
    assertThat(outcome(Era.of(message(kind), version(version)))).isEqualTo(outcome);
  }

  @Test
  void who_names_an_unknown_version_is_told_the_known_ones() {
    var refused = (Era.Refused) Era.of(message("ping"), version("1999-01-01"));

    assertThat(refused.error().data())
        .isEqualTo(
            Codec.tree(
                "{\"supported\":[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\",\"2025-03-26\"],"
                    + "\"requested\":\"1999-01-01\"}"));
  }
}
