package trunkline.conformance;

import java.util.Base64;
import trunkline.feature.Resource;
import trunkline.feature.ResourceTemplate;
import trunkline.jsonrpc.Codec;

/// The resources that the suite lists, reads and subscribes to.
final class Resources {
  static final Resource STATIC_TEXT =
      Resource.at("test://static-text")
          .name("static-text")
          .title("Static Text Resource")
          .description("A static text resource for testing")
          .mimeType("text/plain")
          .text((request, context) -> "This is the content of the static text resource.");

  static final Resource STATIC_BINARY =
      Resource.at("test://static-binary")
          .name("static-binary")
          .title("Static Binary Resource")
          .description("A static binary resource (image) for testing")
          .mimeType("image/png")
          .bytes((request, context) -> Base64.getDecoder().decode(Media.RED_PIXEL));

  static final Resource WATCHED =
      Resource.at("test://watched-resource")
          .name("watched-resource")
          .title("Watched Resource")
          .description("A resource to subscribe to")
          .mimeType("text/plain")
          .text((request, context) -> "Watched resource content");

  static final ResourceTemplate TEMPLATE =
      ResourceTemplate.matching("test://template/{id}/data")
          .name("template")
          .title("Resource Template")
          .description("A resource template with parameter substitution")
          .mimeType("application/json")
          .text((request, context) -> {
            var id = request.variable("id");
            return Codec.text(
                Codec.object()
                    .put("id", id)
                    .put("templateTest", true)
                    .put("data", "Data for ID: " + id));
          });

  private Resources() {}
}
