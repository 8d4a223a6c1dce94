package trunkline.protocol.method;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Completer;
import trunkline.feature.Completion;
import trunkline.feature.Invocation;
import trunkline.feature.PromptArgument;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.wire.Params;

/// `completion/complete`. An argument without suggestions has none; an unknown prompt or template
/// is an error.
final class CompletionMethods {
  private static final Completer NOTHING = (value, arguments) -> Completion.of(List.of());

  private final EnabledFeatures features;
  private final HandlerErrors errors;

  CompletionMethods(EnabledFeatures features, HandlerErrors errors) {
    this.features = features;
    this.errors = errors;
  }

  JsonNode complete(CallContext context, ObjectNode params) throws InterruptedException {
    var given = new Params(params);
    var argument = given.required("argument");
    var name = argument.string("name");
    var value = argument.string("value");
    var completer = completer(given.required("ref"), name).orElse(NOTHING);
    var settled =
        context.revision().hasCompletionContext()
            ? new Params(given.object("context"), "params.context").strings("arguments")
            : Map.<String, String>of();
    var completion =
        errors.guard(
            context,
            new Invocation.Completing(of(given.required("ref")), name, value, settled, context),
            changed -> {
              var other = (Invocation.Completing) changed;
              return completer.complete(other.value(), other.settled(), other.context());
            });
    var json = Codec.object();
    var values = json.putObject("completion").putArray("values");
    completion.values().forEach(values::add);
    ((ObjectNode) json.path("completion"))
        .put("total", completion.total())
        .put("hasMore", completion.hasMore());
    return json;
  }

  private static String of(Params reference) {
    return reference.string(reference.string("type").equals("ref/prompt") ? "name" : "uri");
  }

  private Optional<Completer> completer(Params reference, String argument) {
    var type = reference.string("type");
    if (type.equals("ref/prompt")) {
      return features
          .prompt(reference.string("name"))
          .findArgument(argument)
          .map(PromptArgument::completer);
    }
    if (type.equals("ref/resource")) {
      var uri = reference.string("uri");
      var template = features.findTemplate(uri);
      if (template.isEmpty() && features.findReading(uri).isEmpty()) {
        throw new RpcException(
            RpcError.about(ErrorCode.INVALID_PARAMS, "Unknown resource template", "uri", uri));
      }
      return template.map(found -> found.completers().get(argument));
    }
    throw RpcException.invalidParams("params.ref.type must be ref/prompt or ref/resource");
  }
}
