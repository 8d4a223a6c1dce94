package trunkline.protocol.method;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Catalog;
import trunkline.feature.Completer;
import trunkline.feature.Completion;
import trunkline.feature.Feature;
import trunkline.feature.Invocation;
import trunkline.feature.PromptArgument;
import trunkline.feature.ResourceTemplate;
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
    var completer = completer(context, given.required("ref"), name).orElse(NOTHING);
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

  /// Who may use the prompt or resource may be helped with it.
  void admit(CallContext context, ObjectNode params) {
    var reference = params.path("ref");
    var type = reference.path("type").asString("");
    if (type.equals("ref/prompt")) {
      features
          .findPrompt(context, reference.path("name").asString(""))
          .ifPresent(prompt -> requireAllowed(context, prompt));
    } else if (type.equals("ref/resource")) {
      findResource(context, reference.path("uri").asString(""))
          .ifPresent(resource -> requireAllowed(context, resource));
    }
  }

  private static void requireAllowed(CallContext context, Feature feature) {
    EnabledFeatures.requireAllowed(
        context,
        feature,
        "Completing for the " + feature.kind().word() + " " + RpcError.cut(feature.key()));
  }

  /// The template of this pattern, else whatever reads this URI.
  private Optional<Feature> findResource(CallContext context, String uri) {
    return features
        .findTemplate(context, uri)
        .<Feature>map(template -> template)
        .or(() -> features.findReading(context, uri).map(Catalog.Reading::of));
  }

  private Optional<Completer> completer(CallContext context, Params reference, String argument) {
    var type = reference.string("type");
    if (type.equals("ref/prompt")) {
      return features
          .prompt(context, reference.string("name"))
          .findArgument(argument)
          .map(PromptArgument::completer);
    }
    if (type.equals("ref/resource")) {
      var uri = reference.string("uri");
      var resource =
          findResource(context, uri)
              .orElseThrow(() ->
                  new RpcException(
                      RpcError.about(
                          ErrorCode.INVALID_PARAMS, "Unknown resource template", "uri", uri)));
      requireAllowed(context, resource);
      return resource instanceof ResourceTemplate template && template.key().equals(uri)
          ? Optional.ofNullable(template.completers().get(argument))
          : Optional.empty();
    }
    throw RpcException.invalidParams("params.ref.type must be ref/prompt or ref/resource");
  }
}
