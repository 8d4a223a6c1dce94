package trunkline.adapter.sdk;

import io.modelcontextprotocol.server.McpServerFeatures.SyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import trunkline.feature.Catalog;
import trunkline.feature.Feature;
import trunkline.feature.RequestContext;

/// Collects specifications of the Java SDK, by the same words as the SDK's `McpServer.sync(…)`, and
/// makes features of them.
public final class SdkFeatures {
  private final List<SyncToolSpecification> tools = new ArrayList<>();
  private final List<SyncResourceSpecification> resources = new ArrayList<>();
  private final List<SyncResourceTemplateSpecification> templates = new ArrayList<>();
  private final List<SyncPromptSpecification> prompts = new ArrayList<>();
  private final List<SyncCompletionSpecification> completions = new ArrayList<>();

  public SdkFeatures tools(SyncToolSpecification... specifications) {
    return tools(Arrays.asList(specifications));
  }

  public SdkFeatures tools(List<SyncToolSpecification> specifications) {
    tools.addAll(specifications);
    return this;
  }

  public SdkFeatures resources(SyncResourceSpecification... specifications) {
    return resources(Arrays.asList(specifications));
  }

  public SdkFeatures resources(List<SyncResourceSpecification> specifications) {
    resources.addAll(specifications);
    return this;
  }

  public SdkFeatures resourceTemplates(SyncResourceTemplateSpecification... specifications) {
    return resourceTemplates(Arrays.asList(specifications));
  }

  public SdkFeatures resourceTemplates(List<SyncResourceTemplateSpecification> specifications) {
    templates.addAll(specifications);
    return this;
  }

  public SdkFeatures prompts(SyncPromptSpecification... specifications) {
    return prompts(Arrays.asList(specifications));
  }

  public SdkFeatures prompts(List<SyncPromptSpecification> specifications) {
    prompts.addAll(specifications);
    return this;
  }

  /// Each is of a prompt or a template that is given here too.
  public SdkFeatures completions(SyncCompletionSpecification... specifications) {
    return completions(Arrays.asList(specifications));
  }

  /// Each is of a prompt or a template that is given here too.
  public SdkFeatures completions(List<SyncCompletionSpecification> specifications) {
    completions.addAll(specifications);
    return this;
  }

  /// All of them, in the order in which they were given.
  ///
  /// @throws IllegalArgumentException when one has something that Trunkline cannot carry; it says
  ///   which one and what
  public List<Feature> features() {
    var completers = new SdkCompletions(completions);
    List<Feature> features =
        Stream.of(
                tools.stream().map(SdkTools::tool),
                resources.stream().map(SdkResources::resource),
                templates.stream().map(each -> SdkResources.template(each, completers)),
                prompts.stream().map(each -> SdkPrompts.prompt(each, completers)))
            .<Feature>flatMap(each -> each)
            .toList();
    completers.requireAllUsed();
    return features;
  }

  /// Adds them to a catalog.
  ///
  /// @throws IllegalArgumentException as [#features()]
  public void addTo(Catalog.Builder catalog) {
    catalog.add(features().toArray(Feature[]::new));
  }

  /// What a handler stands on here, for what the SDK has no words for: steps that are done once,
  /// values of the session, other sessions.
  ///
  /// @throws IllegalStateException when the exchange is not one of ours, or that of a completion
  public static RequestContext context(McpSyncServerExchange exchange) {
    if (exchange.transportContext().get(Exchange.CONTEXT) instanceof RequestContext context) {
      return context;
    }
    throw new IllegalStateException(
        "this exchange is not that of a tool, resource or prompt that Trunkline runs");
  }
}
