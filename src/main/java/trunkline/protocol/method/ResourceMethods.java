package trunkline.protocol.method;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Catalog;
import trunkline.feature.Invocation;
import trunkline.feature.ResourceNotFound;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.wire.Params;

/// `resources/…`.
final class ResourceMethods {
  /// The limit of what the database can index.
  private static final int URI_BYTES_MAX = 2048;

  private final EnabledFeatures features;
  private final HandlerErrors errors;

  ResourceMethods(EnabledFeatures features, HandlerErrors errors) {
    this.features = features;
    this.errors = errors;
  }

  JsonNode list(CallContext context, ObjectNode params) {
    return features.resources(context.revision(), params);
  }

  JsonNode listTemplates(CallContext context, ObjectNode params) {
    return features.templates(context.revision(), params);
  }

  JsonNode read(CallContext context, ObjectNode params) throws InterruptedException {
    var uri = new Params(params).string("uri");
    var reading = reading(context, uri);
    var contents =
        errors.guard(
            context,
            new Invocation.ResourceReading(reading.request(), context),
            changed -> {
              var request = ((Invocation.ResourceReading) changed).request();
              try {
                return reading.reader().read(request, changed.context());
              } catch (ResourceNotFound e) {
                throw notFound(context, e.uri());
              }
            });
    var json = Codec.object();
    var array = json.putArray("contents");
    contents.forEach(content -> array.add(context.revision().spell(content)));
    return json;
  }

  JsonNode subscribe(CallContext context, ObjectNode params) throws InterruptedException {
    var uri = new Params(params).string("uri");
    reading(context, uri);
    if (uri.getBytes(StandardCharsets.UTF_8).length > URI_BYTES_MAX || uri.indexOf('\0') >= 0) {
      throw RpcException.invalidParams(
          "params.uri must have at most " + URI_BYTES_MAX + " bytes and no NUL");
    }
    return errors.guard(
        context,
        "resources/subscribe",
        uri,
        () -> {
          context.subscribe(uri);
          return Codec.object();
        });
  }

  /// Succeeds without a subscription too.
  JsonNode unsubscribe(CallContext context, ObjectNode params) {
    var uri = new Params(params).string("uri");
    if (uri.indexOf('\0') < 0) {
      context.unsubscribe(uri);
    }
    return Codec.object();
  }

  private Catalog.Reading reading(CallContext context, String uri) {
    return features.findReading(uri).orElseThrow(() -> notFound(context, uri));
  }

  private static RpcException notFound(CallContext context, String uri) {
    var code =
        context.revision().hasResourceNotFoundCode()
            ? ErrorCode.RESOURCE_NOT_FOUND
            : ErrorCode.INVALID_PARAMS;
    return new RpcException(RpcError.about(code, "Resource not found", "uri", uri));
  }
}
