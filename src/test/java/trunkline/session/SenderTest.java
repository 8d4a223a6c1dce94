package trunkline.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import trunkline.feature.Scopes;
import trunkline.jsonrpc.Codec;

class SenderTest {
  private static final Principal ADA = new Principal("ada");

  private final Sender sender =
      new Sender(
          ADA,
          Codec.objectFrom("{\"team\":\"kitchen\"}"),
          new Credential("key:7", Scopes.parse("bake eat"), Instant.EPOCH),
          Map.of(
              "x-tenant",
              "north",
              "authorization",
              "secret",
              "cookie",
              "secret",
              "proxy-authorization",
              "secret"));

  @Test
  void a_further_run_knows_all_but_what_lets_somebody_in() {
    var params = Codec.objectFrom("{\"name\":\"pay\"}");

    var kept = sender.keptWith(params);
    var recalled = Sender.takenFrom(kept, ADA);

    assertThat(recalled)
        .isEqualTo(
            new Sender(
                ADA,
                sender.claims(),
                new Credential("", Scopes.parse("bake eat"), null),
                Map.of("x-tenant", "north")));
    assertThat(kept).as("as they were sent").isEqualTo(params);
    assertThat(Codec.text(sender.keptWith(params))).doesNotContain("secret");
  }

  @Test
  void a_client_cannot_write_it() {
    var forged =
        Codec.objectFrom(
            "{\"name\":\"pay\",\"trunkline/sender\":{\"claims\":{\"team\":\"owners\"},\"everything\":true,\"headers\":{\"x-tenant\":\"all\"}}}");

    assertThat(Sender.takenFrom(new Sender(ADA).keptWith(forged), ADA)).isEqualTo(new Sender(ADA));
    assertThat(Sender.takenFrom(sender.keptWith(forged), ADA).claims()).isEqualTo(sender.claims());
  }
}
