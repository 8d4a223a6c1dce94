package trunkline.scenario;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import trunkline.feature.Catalog;
import trunkline.feature.Completer;
import trunkline.feature.Completion;
import trunkline.feature.Implementation;
import trunkline.feature.Principal;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.RequestContext;
import trunkline.feature.Resource;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.testing.StatelessTestClient;

/// Three features of each kind: `secret` is seen by chefs alone, `locked` needs two scopes,
/// `public` is everybody's. Ada is a chef and has both scopes, Bob is none and has one.
final class GuardedFeatures {
  static final String SCOPES = "kitchen:bake kitchen:fry";

  /// How many handlers have run, but for Ada, whose tasks run when they run.
  static final AtomicInteger RUNS = new AtomicInteger();

  private static final String CAPABILITIES = "{'extensions':{'io.modelcontextprotocol/tasks':{}}}";

  private GuardedFeatures() {}

  private static boolean isChef(Principal caller) {
    return caller.claim("role").filter(role -> role.asString("").equals("chef")).isPresent();
  }

  private static String ran(String what, RequestContext context) {
    if (!context.principal().equals("ada")) {
      RUNS.incrementAndGet();
    }
    return what;
  }

  private static Completion suggested(RequestContext context) {
    return Completion.of(List.of(ran("soup", context)));
  }

  private static Tool tool(String name, boolean chefs, String... scopes) {
    var tool =
        Tool.named(name + "_tool")
            .description("Says its name")
            .tasks(TaskSupport.OPTIONAL)
            .requires(scopes);
    if (chefs) {
      tool.visibleTo(GuardedFeatures::isChef);
    }
    return tool.handler((none, context) -> ToolResult.text(ran(name, context)));
  }

  private static Resource resource(String name, boolean chefs, String... scopes) {
    var resource = Resource.at("kitchen://" + name).requires(scopes);
    if (chefs) {
      resource.visibleTo(GuardedFeatures::isChef);
    }
    return resource.text((request, context) -> ran(name, context));
  }

  private static ResourceTemplate template(String name, boolean chefs, String... scopes) {
    var template =
        ResourceTemplate.matching(name + "://{dish}")
            .completes("dish", Completer.inContext((value, settled, context) -> suggested(context)))
            .requires(scopes);
    if (chefs) {
      template.visibleTo(GuardedFeatures::isChef);
    }
    return template.text(
        (request, context) -> ran(request.variables().getOrDefault("dish", ""), context));
  }

  private static Prompt prompt(String name, boolean chefs, String... scopes) {
    var prompt =
        Prompt.named(name + "_prompt")
            .argument(
                PromptArgument.optional("dish", "a dish")
                    .completedBy(
                        Completer.inContext((value, settled, context) -> suggested(context))))
            .requires(scopes);
    if (chefs) {
      prompt.visibleTo(GuardedFeatures::isChef);
    }
    return prompt.handler((arguments, context) -> List.of(PromptMessage.user(ran(name, context))));
  }

  static final Tool ADMIN =
      Tool.named("admin_tool")
          .description("For the office alone")
          .handler((none, context) -> ToolResult.text("admin"));

  static Catalog catalog() {
    var catalog =
        Catalog.builder().server(Implementation.of("house", "1")).instructions("Be kind.");
    for (var name : List.of("secret", "locked", "public")) {
      var scopes = name.equals("locked") ? SCOPES.split(" ", -1) : new String[0];
      var chefs = name.equals("secret");
      catalog.add(
          tool(name, chefs, scopes),
          resource(name, chefs, scopes),
          template(name, chefs, scopes),
          prompt(name, chefs, scopes));
    }
    catalog.add(
        Tool.named("broken_tool")
            .description("Nobody knows who may see it")
            .visibleTo(caller -> {
              throw new IllegalStateException("no directory");
            })
            .handler((none, context) -> ToolResult.text(ran("broken", context))));
    catalog.toolset(
        "kitchen",
        kitchen ->
            kitchen
                .pick(
                    feature -> feature.key().endsWith("_tool") && !feature.key().contains("broken"))
                .server(Implementation.of("kitchen", "2").withTitle("The kitchen"))
                .instructions("Cook."));
    catalog.toolset(
        "office", office -> office.addOnly(ADMIN).pick(it -> it.key().equals("public_tool")));
    return catalog.build();
  }

  static Path tokens(Path folder) throws Exception {
    return Files.write(
        folder.resolve("tokens"),
        List.of(
            "ada " + sha256("a-token") + " {\"role\":\"chef\",\"scope\":\"" + SCOPES + "\"}",
            "bob " + sha256("b-token") + " {\"scope\":\"kitchen:bake\"}"));
  }

  static StatelessTestClient client(String token) {
    return new StatelessTestClient(CAPABILITIES).withHeader("Authorization", "Bearer " + token);
  }

  private static String sha256(String text) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
