package trunkline.protocol.method;

import java.util.List;
import trunkline.feature.Prompt;
import trunkline.feature.Resource;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.Tool;

/// What one sender would find in all lists of a catalog, in their order.
public record Listed(
    List<Tool> tools,
    List<Prompt> prompts,
    List<Resource> resources,
    List<ResourceTemplate> templates) {
  public Listed {
    tools = List.copyOf(tools);
    prompts = List.copyOf(prompts);
    resources = List.copyOf(resources);
    templates = List.copyOf(templates);
  }
}
