package trunkline.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.feature.Catalog;
import trunkline.feature.ClientCapability;
import trunkline.feature.Implementation;
import trunkline.feature.Switches;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.around.Interception;
import trunkline.protocol.method.Methods;
import trunkline.protocol.wire.Revision;
import trunkline.protocol.wire.ServerIdentity;
import trunkline.session.Principal;

class NegotiationTest {
  private final Negotiation negotiation =
      new Negotiation(
          new Methods(
              Catalog.builder()
                  .add(Tool.named("a").description("A").handler((none, context) -> ToolResult.of()))
                  .build(),
              new ServerIdentity(
                  Implementation.of("shop", "1.2.3").withTitle("Shop").withDescription("Sells"),
                  "Use wisely."),
              () -> Switches.ALL_ON,
              () -> Switches.ALL_ON,
              Interception.NONE,
              event -> {}));

  @Test
  void the_answer_says_what_both_sides_can_do() {
    var agreed =
        negotiation.initialize(
            Principal.ANONYMOUS,
            Codec.objectFrom(
                """
                {"protocolVersion": "2025-11-25", "capabilities": {"roots": {}},
                 "clientInfo": {"name": "c", "version": "1"}}
                """));

    assertThat(agreed.revision()).isEqualTo(Revision.V2025_11_25);
    assertThat(agreed.capabilities()).isEqualTo(Codec.tree("{\"roots\":{}}"));
    assertThat(agreed.clientInfo().path("name").stringValue()).isEqualTo("c");
    assertThat(agreed.result())
        .isEqualTo(
            Codec.tree(
                """
                {"protocolVersion": "2025-11-25",
                 "capabilities": {"logging": {}, "tools": {"listChanged": true}},
                 "serverInfo": {"name": "shop", "version": "1.2.3", "title": "Shop",
                   "description": "Sells"},
                 "instructions": "Use wisely."}
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "2025-03-26, 2025-03-26",
    "2025-06-18, 2025-06-18",
    "2025-11-25, 2025-11-25",
    "2024-11-05, 2025-11-25",
    "2026-07-28, 2025-11-25",
    "1900-01-01, 2025-11-25",
  })
  void a_version_with_sessions_is_agreed_on(String asked, String answered) {
    var agreed =
        negotiation.initialize(Principal.ANONYMOUS, Codec.object().put("protocolVersion", asked));

    assertThat(agreed.revision().version()).isEqualTo(answered);
    assertThat(agreed.result().path("protocolVersion").stringValue()).isEqualTo(answered);
  }

  @Test
  void an_unusable_request_is_refused() {
    for (var params :
        List.of(
            "{}",
            "{\"protocolVersion\":7}",
            "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":[]}",
            "{\"protocolVersion\":\"2025-11-25\",\"clientInfo\":{\"name\":\"%s\"}}"
                .formatted("x".repeat(20_000)))) {
      assertThatThrownBy(
              () -> negotiation.initialize(Principal.ANONYMOUS, Codec.objectFrom(params)))
          .isInstanceOf(RpcException.class)
          .hasMessageStartingWith("-32602");
    }
  }

  @Test
  void older_revisions_are_not_asked_for_what_they_lack() {
    var everything = Codec.objectFrom("{\"elicitation\":{\"form\":{},\"url\":{}},\"roots\":{}}");

    assertThat(Revision.V2025_03_26.supports(ClientCapability.ELICITATION, everything)).isFalse();
    assertThat(Revision.V2025_03_26.supports(ClientCapability.ROOTS, everything)).isTrue();
    assertThat(Revision.V2025_06_18.supports(ClientCapability.ELICITATION, everything)).isTrue();
    assertThat(Revision.V2025_06_18.supports(ClientCapability.ELICITATION_URL, everything))
        .isFalse();
    assertThat(Revision.V2025_11_25.supports(ClientCapability.ELICITATION_URL, everything))
        .isTrue();
    assertThat(Revision.supported())
        .containsExactly("2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26");
  }
}
