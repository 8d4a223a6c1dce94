package trunkline.adapter.sdk;

import io.modelcontextprotocol.server.McpServerFeatures.SyncCompletionSpecification;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ResourceReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.feature.Completer;
import trunkline.feature.Completion;
import trunkline.feature.RequestContext;
import trunkline.feature.ResourceBuilder;
import trunkline.feature.UriTemplate;

/// Completions of the SDK, each of which is for all arguments of its prompt or template.
final class SdkCompletions {
  private final Map<String, SyncCompletionSpecification> ofPrompts = new LinkedHashMap<>();
  private final Map<String, SyncCompletionSpecification> ofTemplates = new LinkedHashMap<>();
  private final Map<String, SyncCompletionSpecification> unused = new HashMap<>();

  SdkCompletions(List<SyncCompletionSpecification> specifications) {
    for (var each : specifications) {
      var reference = each.referenceKey();
      var former =
          switch (reference) {
            case PromptReference prompt -> ofPrompts.put(prompt.name(), each);
            case ResourceReference resource -> ofTemplates.put(resource.uri(), each);
            default ->
                throw new IllegalArgumentException(
                    "a completion of an unknown kind of reference: " + reference.type());
          };
      if (former != null) {
        throw new IllegalArgumentException("two completions of " + named(each));
      }
      unused.put(named(each), each);
    }
  }

  /// Makes the completer of an argument.
  @FunctionalInterface
  interface OfArgument {
    Completer of(String argument);
  }

  Optional<OfArgument> findOfPrompt(String name) {
    return used(ofPrompts.get(name));
  }

  void addTo(ResourceBuilder<?> template, String uriTemplate) {
    used(ofTemplates.get(uriTemplate))
        .ifPresent(completer ->
            UriTemplate.parse(uriTemplate)
                .variables()
                .forEach(variable -> template.completes(variable, completer.of(variable))));
  }

  private Optional<OfArgument> used(@Nullable SyncCompletionSpecification specification) {
    if (specification == null) {
      return Optional.empty();
    }
    unused.remove(named(specification));
    return Optional.of(argument ->
        Completer.inContext((value, settled, context) ->
            complete(specification, argument, value, settled, context)));
  }

  private static Completion complete(
      SyncCompletionSpecification specification,
      String argument,
      String value,
      Map<String, String> settled,
      RequestContext context) {
    var request =
        new CompleteRequest(
            specification.referenceKey(),
            new CompleteRequest.CompleteArgument(argument, value),
            Exchange.meta(context),
            new CompleteRequest.CompleteContext(settled));
    var given =
        new Exchange(context)
            .run(exchange -> specification.completionHandler().apply(exchange, request))
            .completion();
    var shown = Completion.of(given.values());
    return given.total() == null || given.total() < shown.total()
        ? shown
        : new Completion(shown.values(), given.total());
  }

  /// One that nobody could ask for is a mistake of its author.
  void requireAllUsed() {
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException(
          "completions of " + unused.keySet() + ", which is not among the prompts and templates");
    }
  }

  private static String named(SyncCompletionSpecification specification) {
    var reference = specification.referenceKey();
    return switch (reference) {
      case PromptReference prompt -> "the prompt " + prompt.name();
      case ResourceReference resource -> "the template " + resource.uri();
      default -> reference.type();
    };
  }
}
