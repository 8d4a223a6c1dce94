package trunkline.scenario;

import java.net.URI;
import java.util.List;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequest;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.Content;
import trunkline.feature.ElicitResult;
import trunkline.feature.SamplingRequest;
import trunkline.feature.SamplingTool;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.feature.UrlElicitationRequest;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;

/// Tools that ask the client.
final class AskingTools {
  record Who(String name) {}

  record Enough(int to) {}

  record Visited(String elicitation) {}

  record Sum(int a, int b) {}

  static final Tool ASK_NAME =
      Tool.named("ask_name")
          .description("Asks the user for a name")
          .tasks(TaskSupport.OPTIONAL)
          .needs(ClientCapability.ELICITATION)
          .handler((_, context) -> {
            try {
              return ToolResult.text(
                  switch (context.elicit("Your name?", Who.class)) {
                    case ElicitResult.Accepted<Who>(var who) -> "hello " + who.name();
                    case ElicitResult.Declined<Who>() -> "declined";
                    case ElicitResult.Cancelled<Who>() -> "cancelled";
                  });
            } catch (ClientRequestFailed e) {
              return ToolResult.text("no answer: " + e.reason());
            }
          });

  static final Tool ASK_SLOWLY =
      Tool.named("ask_slowly")
          .description("Asks the client's model, logs how far it is, gives up at a number")
          .input(Enough.class)
          .handler((input, context) -> {
            var question =
                new ClientRequest(
                        "sampling/createMessage",
                        Codec.object().put("maxTokens", 1),
                        ClientCapability.SAMPLING)
                    .onProgress(told -> {
                      context.log(LogLevel.ERROR, String.valueOf(told));
                      if (told.progress() >= input.to()) {
                        throw new ToolFailed("enough");
                      }
                    });
            return ToolResult.text(context.ask(question).path("model").asString());
          });

  static final Tool ASK_MODEL =
      Tool.named("ask_model")
          .description("Asks the client's model")
          .needs(ClientCapability.SAMPLING)
          .handler((_, context) ->
              ToolResult.text(context.sample(SamplingRequest.of("Say hi", 10)).text()));

  static final Tool RECKON =
      Tool.named("reckon")
          .description("Lets the client's model use a tool until it knows the answer")
          .handler((_, context) -> {
            var request =
                SamplingRequest.of("What is 2 + 3 + 4?", 100)
                    .withTools(SamplingTool.of("add", "Adds two numbers", Sum.class));
            var answer = context.sample(request);
            while (!answer.toolUses().isEmpty()) {
              request =
                  request.followedBy(
                      answer, answer.toolUses().stream().map(AskingTools::added).toList());
              answer = context.sample(request);
            }
            return ToolResult.text(answer.text());
          });

  static final Tool ASK_ROOTS =
      Tool.named("ask_roots")
          .description("Asks the client for its roots")
          .needs(ClientCapability.ROOTS)
          .handler((_, context) -> ToolResult.text(context.roots().getFirst().uri()));

  static final Tool PING_CLIENT =
      Tool.named("ping_client")
          .description("Asks whether the client is there")
          .handler((_, context) -> {
            context.ping();
            return ToolResult.text("there");
          });

  static final Tool NEED_VISIT =
      Tool.named("need_visit")
          .description("Answers who was at the web page, and refuses who was not")
          .input(Visited.class)
          .handler((input, context) -> {
            if (!context.urlElicitation(input.elicitation()).isCompleted()) {
              throw new UrlElicitationRequired(
                  List.of(
                      UrlElicitationRequest.of("Please sign in.", AskingTools::page),
                      UrlElicitationRequest.of("Please pay.", AskingTools::page)));
            }
            return ToolResult.text("welcome back");
          });

  static URI page(String elicitation) {
    return URI.create("https://example.com/sign-in?elicitation=" + elicitation);
  }

  private static Content.ToolOutcome added(Content.ToolUse use) {
    var sum = use.input().path("a").asInt() + use.input().path("b").asInt();
    return use.answeredBy(ToolResult.text("" + sum));
  }

  private AskingTools() {}
}
