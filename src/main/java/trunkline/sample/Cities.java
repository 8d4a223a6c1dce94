package trunkline.sample;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import trunkline.feature.Completer;
import trunkline.feature.Content;
import trunkline.feature.Description;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.ResourceNotFound;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

/// Many resources under one pattern, found by a tool, suggested by completion, used by a prompt.
final class Cities {
  private static final Map<String, String> FACTS = new LinkedHashMap<>();

  static {
    FACTS.put("Amsterdam", "Stands on millions of wooden piles and has more bicycles than people.");
    FACTS.put("Bern", "Has kept bears since 1513 and eleven fountains with figures since 1546.");
    FACTS.put("Helsinki", "Is joined to the islands around it by ferries that run all year.");
    FACTS.put("Lisbon", "Climbs seven hills, some of them by a tram of 1873.");
    FACTS.put(
        "Ljubljana", "Closed its centre to cars in 2007 and calls its bridges by their number.");
    FACTS.put("Zagreb", "Has a funicular of 66 metres, one of the shortest anywhere.");
  }

  private static final Completer NAMES = Completer.among(List.copyOf(FACTS.keySet()));

  record Search(@Description("a part of the name") String text) {}

  static final ResourceTemplate TEMPLATE =
      ResourceTemplate.matching("sample://cities/{name}")
          .name("city")
          .title("City")
          .description("One sentence about a city")
          .mimeType("text/plain")
          .completes("name", NAMES)
          .text((request, context) -> {
            var fact = FACTS.get(request.variable("name"));
            if (fact == null) {
              throw new ResourceNotFound(request.uri());
            }
            return fact;
          });

  static final Tool TOOL =
      Tool.named("find_city")
          .description("Answers links to the cities whose name contains a text")
          .input(Search.class)
          .readOnly()
          .handler((search, context) -> {
            var text = search.text().toLowerCase(Locale.ROOT);
            return ToolResult.of(
                FACTS.keySet().stream()
                    .filter(name -> name.toLowerCase(Locale.ROOT).contains(text))
                    .map(name -> Content.link("sample://cities/" + name, name))
                    .toArray(Content[]::new));
          });

  static final Prompt PROMPT =
      Prompt.named("travel_guide")
          .title("Travel guide")
          .description("Plans a day in a city")
          .argument(PromptArgument.required("city", "where to").completedBy(NAMES))
          .argument(
              PromptArgument.optional("style", "how to travel")
                  .completedBy(Completer.among(List.of("relaxed", "sporty", "with children"))))
          .handler((arguments, context) ->
              List.of(
                  PromptMessage.user(
                      "Plan a %s day in %s. What you know about it: %s"
                          .formatted(
                              arguments.getOrDefault("style", "relaxed"),
                              arguments.get("city"),
                              FACTS.getOrDefault(
                                  arguments.getOrDefault("city", ""), "nothing yet")))));

  private Cities() {}
}
