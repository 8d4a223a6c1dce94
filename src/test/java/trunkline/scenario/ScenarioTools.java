package trunkline.scenario;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import trunkline.feature.Catalog;
import trunkline.feature.ClientCapability;
import trunkline.feature.ElicitResult;
import trunkline.feature.Prompt;
import trunkline.feature.PromptMessage;
import trunkline.feature.RequestContext;
import trunkline.feature.Resource;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.feature.UrlElicitation;
import trunkline.jsonrpc.LogLevel;

/// Tools that a test can watch and hold: a call says that it has begun and waits to be let go.
final class ScenarioTools {
  private static final Resource WEATHER =
      Resource.at("scenario://weather").name("weather").text((_, _) -> "sunny");

  private final Map<String, Gate> gates = new ConcurrentHashMap<>();
  final BlockingQueue<String> visits = new LinkedBlockingQueue<>();

  record Named(String name) {}

  private final Tool hold =
      Tool.named("hold")
          .description("Says that it has begun, waits at the gate, then answers")
          .tasks(TaskSupport.OPTIONAL)
          .input(Named.class)
          .handler(this::hold);

  private final Tool holdAgain =
      Tool.named("hold_again")
          .description("The same; may run again")
          .idempotent()
          .input(Named.class)
          .handler(this::hold);

  private final Tool waitSilently =
      Tool.named("wait_silently")
          .description("Waits at the gate without a word")
          .tasks(TaskSupport.OPTIONAL)
          .input(Named.class)
          .handler((input, _) -> {
            var gate = gate(input.name());
            gate.enter();
            gate.begin();
            gate.pass();
            return ToolResult.text("waited " + input.name());
          });

  private final Tool letGo =
      Tool.named("let_go")
          .description("Gives its connection back, waits at the gate, then answers")
          .input(Named.class)
          .handler((input, context) -> {
            context.releaseConnection();
            gate(input.name()).pass();
            return ToolResult.text("and back");
          });

  private final Tool askAtGate =
      Tool.named("ask_at_gate")
          .description("Says that it has begun, waits at the gate, then asks for a name")
          .input(Named.class)
          .handler((input, context) -> {
            context.log(LogLevel.ERROR, "begun " + input.name());
            gate(input.name()).pass();
            return ToolResult.text(
                String.valueOf(context.elicit("Your name?", AskingTools.Who.class)));
          });

  private final Tool askAndHold =
      Tool.named("ask_and_hold")
          .description(
              "Does something once, asks for a name, waits at the gate, then answers; may run again")
          .idempotent()
          .tasks(TaskSupport.OPTIONAL)
          .input(Named.class)
          .handler((input, context) -> {
            var gate = gate(input.name());
            gate.enter();
            var _ = context.once("deed", Integer.class, gate::deed);
            var who = context.elicit("Your name?", AskingTools.Who.class).accepted().orElseThrow();
            gate.begin();
            gate.pass();
            return ToolResult.text("held for " + who.name());
          });

  private final Tool askRootsTwice =
      Tool.named("ask_roots_twice")
          .description("Asks for the client's roots before and after the gate")
          .input(Named.class)
          .needs(ClientCapability.ROOTS)
          .handler((input, context) -> {
            var gate = gate(input.name());
            var before = context.roots().getFirst().uri();
            gate.begin();
            gate.pass();
            return ToolResult.text(before + " " + context.roots().getFirst().uri());
          });

  private final Tool visit =
      Tool.named("visit")
          .description("Sends the user to a web page and waits until the user is done")
          .handler((_, context) ->
              ToolResult.text(
                  switch (context.elicitUrl("Please sign in", AskingTools::page)) {
                    case ElicitResult.Accepted<UrlElicitation>(var page) -> visited(page, context);
                    case ElicitResult.Declined<UrlElicitation>() -> "declined";
                    case ElicitResult.Cancelled<UrlElicitation>() -> "cancelled";
                  }));

  private ToolResult hold(Named input, RequestContext context) throws InterruptedException {
    var gate = gate(input.name());
    gate.enter();
    context.log(LogLevel.ERROR, "begun " + input.name());
    gate.begin();
    gate.pass();
    context.log(LogLevel.ERROR, "open " + input.name());
    return ToolResult.text("held " + input.name());
  }

  Catalog catalog() {
    return Catalog.builder()
        .add(
            TalkingTools.ECHO,
            TalkingTools.COUNT,
            TalkingTools.SAY,
            TalkingTools.BE_BIG,
            TalkingTools.REMEMBER,
            TalkingTools.LATER)
        .add(
            AskingTools.ASK_NAME,
            AskingTools.ASK_SLOWLY,
            AskingTools.ASK_MODEL,
            AskingTools.RECKON,
            AskingTools.ASK_ROOTS,
            AskingTools.PING_CLIENT,
            AskingTools.NEED_VISIT)
        .add(hold, holdAgain, waitSilently, letGo, askAtGate, askAndHold, askRootsTwice, visit)
        .add(WEATHER)
        .add(Prompt.named("greet").handler((_, _) -> List.of(PromptMessage.user("hello"))))
        .build();
  }

  /// How the next call of `visit` stopped waiting for its user.
  String nextVisit() throws InterruptedException {
    return String.valueOf(visits.poll(Trio.FAULT_PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  Gate gate(String name) {
    return gates.computeIfAbsent(name, _ -> new Gate());
  }

  private String visited(UrlElicitation page, RequestContext context) {
    var outcome = "interrupted";
    try {
      context.log(LogLevel.ERROR, "waits for " + page.id());
      outcome = page.awaitCompleted(Trio.FAULT_PATIENCE) ? "welcome" : "not done";
    } finally {
      visits.add(outcome);
    }
    return outcome;
  }
}
