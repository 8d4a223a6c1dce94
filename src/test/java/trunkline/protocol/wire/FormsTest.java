package trunkline.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import trunkline.feature.ClientRequest;
import trunkline.feature.ClientRequestFailed;
import trunkline.jsonrpc.Codec;

class FormsTest {
  private static ClientRequest asking(String field, String required) {
    var schema = "{'type':'object','properties':{'x':" + field + "},'required':" + required + "}";
    return new ClientRequest(
        "elicitation/create",
        Codec.objectFrom(("{'message':'?','requestedSchema':" + schema + "}").replace('\'', '"')));
  }

  private static JsonNode json(String json) {
    return Codec.tree(json.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'string','format':'email','default':'a@b'} | {'type':'string','format':'email'}",
        "{'type':'integer','minimum':1,'default':2}         | {'type':'integer','minimum':1}",
        "{'type':'boolean','default':true}                  | {'type':'boolean','default':true}",
        "{'type':'string','enum':['a'],'default':'a'}       | {'type':'string','enum':['a']}",
        "{'type':'string','oneOf':[{'const':'a','title':'A'}]}"
            + " | {'type':'string','enum':['a'],'enumNames':['A']}",
      })
  void a_field_is_spelled_as_the_revision_knows_it(String field, String before) {
    var asked = asking(field, "['x']");

    assertThat(Forms.params(asked, Revision.V2025_06_18).at("/requestedSchema/properties/x"))
        .isEqualTo(json(before));
    assertThat(Forms.params(asked, Revision.V2025_11_25)).isSameAs(asked.params());
    assertThat(asked.params().at("/requestedSchema/properties/x")).isEqualTo(json(field));
  }

  @Test
  void a_list_is_left_out_where_it_may_be() {
    var list = "{'type':'array','items':{'type':'string','enum':['a']}}";

    assertThat(
            Forms.params(asking(list, "[]"), Revision.V2025_06_18)
                .at("/requestedSchema/properties"))
        .isEmpty();
    assertThatThrownBy(() -> Forms.params(asking(list, "['x']"), Revision.V2025_06_18))
        .isInstanceOfSatisfying(
            ClientRequestFailed.class,
            e -> assertThat(e.reason()).isEqualTo(ClientRequestFailed.Reason.UNSUPPORTED));
  }

  @Test
  void other_questions_are_left_alone() {
    var question = new ClientRequest("roots/list", Codec.object());

    assertThat(Forms.params(question, Revision.V2025_03_26)).isSameAs(question.params());
  }
}
