package trunkline.protocol.method;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Invocation;
import trunkline.feature.PromptArgument;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.run.CallContext;
import trunkline.protocol.wire.Params;

/// `prompts/list` and `prompts/get`.
final class PromptMethods {
  private final EnabledFeatures features;
  private final HandlerErrors errors;

  PromptMethods(EnabledFeatures features, HandlerErrors errors) {
    this.features = features;
    this.errors = errors;
  }

  JsonNode list(CallContext context, ObjectNode params) {
    return features.prompts(context.revision(), params);
  }

  JsonNode get(CallContext context, ObjectNode params) throws InterruptedException {
    var given = new Params(params);
    var prompt = features.prompt(given.string("name"));
    var arguments = given.strings("arguments");
    var missing =
        prompt.arguments().stream()
            .filter(PromptArgument::required)
            .map(PromptArgument::name)
            .filter(name -> !arguments.containsKey(name))
            .toList();
    if (!missing.isEmpty()) {
      throw RpcException.invalidParams(
          "Missing arguments of prompt " + prompt.name() + ": " + String.join(", ", missing));
    }
    var messages =
        errors.guard(
            context,
            new Invocation.PromptWriting(prompt, arguments, context),
            changed ->
                prompt
                    .handler()
                    .write(((Invocation.PromptWriting) changed).arguments(), changed.context()));
    var json = Codec.object();
    if (prompt.description() != null) {
      json.put("description", prompt.description());
    }
    json.set("messages", context.revision().spell(messages));
    return json;
  }
}
