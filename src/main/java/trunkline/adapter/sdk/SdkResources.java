package trunkline.adapter.sdk;

import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import trunkline.feature.RequestContext;
import trunkline.feature.Resource;
import trunkline.feature.ResourceBuilder;
import trunkline.feature.ResourceContents;
import trunkline.feature.ResourceRequest;
import trunkline.feature.ResourceTemplate;

/// Resources and templates of the SDK.
final class SdkResources {
  private SdkResources() {}

  static Resource resource(SyncResourceSpecification specification) {
    var given = specification.resource();
    var resource = Resource.at(given.uri());
    describe(resource, given.name(), given.title(), given.description(), given.mimeType());
    if (given.size() != null) {
      resource.size(given.size());
    }
    Described.icons(given.icons()).forEach(resource::icon);
    Described.meta(given.meta(), resource::meta);
    return resource
        .annotations(Described.annotations(given.annotations()))
        .contents((request, context) -> read(specification.readHandler(), request, context));
  }

  static ResourceTemplate template(
      SyncResourceTemplateSpecification specification, SdkCompletions completions) {
    var given = specification.resourceTemplate();
    var template = ResourceTemplate.matching(given.uriTemplate());
    describe(template, given.name(), given.title(), given.description(), given.mimeType());
    Described.icons(given.icons()).forEach(template::icon);
    Described.meta(given.meta(), template::meta);
    completions.addTo(template, given.uriTemplate());
    return template
        .annotations(Described.annotations(given.annotations()))
        .contents((request, context) -> read(specification.readHandler(), request, context));
  }

  private static void describe(
      ResourceBuilder<?> resource,
      @Nullable String name,
      @Nullable String title,
      @Nullable String description,
      @Nullable String mimeType) {
    if (name != null) {
      resource.name(name);
    }
    if (title != null) {
      resource.title(title);
    }
    if (description != null) {
      resource.description(description);
    }
    if (mimeType != null) {
      resource.mimeType(mimeType);
    }
  }

  private static List<ResourceContents> read(
      BiFunction<McpSyncServerExchange, ReadResourceRequest, ReadResourceResult> handler,
      ResourceRequest request,
      RequestContext context) {
    var asked = new ReadResourceRequest(request.uri(), Exchange.meta(context));
    var result = new Exchange(context).run(exchange -> handler.apply(exchange, asked));
    Described.meta(result.meta(), context::resultMeta);
    return result.contents().stream().map(Contents::resource).toList();
  }
}
