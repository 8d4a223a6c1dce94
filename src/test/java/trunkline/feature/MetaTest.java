package trunkline.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.jsonrpc.Codec;

class MetaTest {
  @ParameterizedTest
  @ValueSource(strings = {"stock", "shop.example/stock", "a/b.c-d_e", "x1.y2/z"})
  void a_key_is_a_name_with_its_owner_if_wanted(String key) {
    assertThat(Meta.of(key, "it").json().path(key).asString()).isEqualTo("it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-x", "shop example", "/x", "shop.example/", "1a/x", "a//b"})
  void what_can_be_no_key_is_refused(String key) {
    assertThatThrownBy(() -> Meta.of(key, "it"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shop.example/stock");
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.modelcontextprotocol/serverInfo", "dev.mcp/x", "com.mcp.tools/x"})
  void what_mcp_has_reserved_is_refused(String key) {
    assertThatThrownBy(() -> Meta.of(key, "it"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reserved");
  }

  @Test
  void it_is_added_to_what_is_said_already_and_changes_nobody_elses() {
    var said = Codec.objectFrom("{\"_meta\":{\"a\":1,\"b\":2}}");
    var shared = said.get("_meta").deepCopy();

    Meta.of("b", "it").with("c", "it").addTo(said);

    assertThat(said).isEqualTo(Codec.tree("{\"_meta\":{\"a\":1,\"b\":\"it\",\"c\":\"it\"}}"));
    assertThat(Meta.NONE.json()).isEmpty();
    assertThat(shared).isEqualTo(Codec.tree("{\"a\":1,\"b\":2}"));
  }
}
