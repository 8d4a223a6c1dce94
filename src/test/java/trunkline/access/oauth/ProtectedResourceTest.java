package trunkline.access.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtectedResourceTest {
  private static final List<String> ISSUERS = List.of("https://idp.example/realms/staff");

  private static ProtectedResource resource(String url, String... scopes) {
    return new ProtectedResource(URI.create(url), ISSUERS, List.of(scopes));
  }

  @Test
  void the_metadata_names_the_server_as_clients_do_and_whom_to_ask() {
    var resource = resource("https://mcp.example/mcp", "b", "a");

    assertThat(resource.documents().keySet())
        .containsExactlyInAnyOrder(
            "/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp");
    assertThat(resource.documents().values())
        .allSatisfy(document ->
            assertThat(document)
                .hasToString(
                    "{\"resource\":\"https://mcp.example/mcp\","
                        + "\"authorization_servers\":[\"https://idp.example/realms/staff\"],"
                        + "\"scopes_supported\":[\"b\",\"a\"],"
                        + "\"bearer_methods_supported\":[\"header\"]}"));
  }

  @Test
  void a_proxy_may_show_it_under_another_path() {
    var resource = resource("https://example.com:8443/tools/mcp");

    assertThat(resource.paths())
        .containsExactly(
            "/.well-known/oauth-protected-resource",
            "/.well-known/oauth-protected-resource/mcp",
            "/.well-known/oauth-protected-resource/tools/mcp");
    assertThat(resource.missing())
        .isEqualTo(
            "Bearer resource_metadata=\"https://example.com:8443"
                + "/.well-known/oauth-protected-resource/tools/mcp\"");
    assertThat(resource.documents().keySet()).containsExactlyInAnyOrderElementsOf(resource.paths());
    assertThat(resource.documents().values())
        .allSatisfy(document ->
            assertThat(document.path("resource").asString())
                .isEqualTo("https://example.com:8443/tools/mcp"));
  }

  @Test
  void challenges_say_all_that_a_client_needs() {
    var resource = resource("https://mcp.example/mcp", "mcp:use");
    var where =
        "resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/mcp\"";

    assertThat(resource.missing()).isEqualTo("Bearer " + where + ", scope=\"mcp:use\"");
    assertThat(resource.invalid("it \"is\" \\ bäd\r\n"))
        .isEqualTo(
            "Bearer error=\"invalid_token\", error_description=\"it 'is' ' b'd''\", "
                + where
                + ", scope=\"mcp:use\"");
    assertThat(resource.insufficient(List.of("z", "a")))
        .isEqualTo(
            "Bearer error=\"insufficient_scope\", error_description=\"the token lacks a scope that"
                + " this needs\", "
                + where
                + ", scope=\"a mcp:use z\"");
  }

  @Test
  void what_could_not_be_trusted_or_typed_is_refused() {
    for (var url :
        List.of(
            "https://mcp.example/mcp/",
            "https://mcp.example/mcp?x=1",
            "https://u@mcp.example/mcp",
            "mcp.example")) {
      assertThatThrownBy(() -> resource(url)).isInstanceOf(IllegalArgumentException.class);
    }
    for (var issuer :
        List.of("http://idp.example", "https://idp.example?x", "idp", "ftp://idp.example")) {
      assertThatThrownBy(() -> ProtectedResource.requireIssuers(List.of(issuer)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (var scope : List.of("offline_access", "a b", "a\"b", "")) {
      assertThatThrownBy(() -> ProtectedResource.requireScopes(List.of(scope)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    ProtectedResource.requireIssuers(
        List.of("https://idp.example/", "http://localhost:8081/realms/x", "http://[::1]:1"));
  }
}
