package trunkline.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trunkline.feature.Content;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;

class RenderingTest {
  private static final String HOLOGRAM =
      """
      {"type": "hologram", "icons": [], "_meta": {"a": 1}, "annotations": {"lastModified": "today"}}
      """;

  @Test
  void what_one_revision_lacks_the_next_client_still_gets() {
    var result = ToolResult.of(Content.from(Codec.tree(HOLOGRAM)));

    var old = Revision.V2025_03_26.spell(result).at("/content/0");

    assertThat(old).isEqualTo(Codec.tree("{\"type\": \"hologram\"}"));
    assertThat(Revision.V2026_07_28.spell(result).at("/content/0")).isEqualTo(Codec.tree(HOLOGRAM));
  }
}
