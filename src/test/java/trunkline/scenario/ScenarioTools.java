package trunkline.scenario;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import trunkline.feature.Catalog;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequest;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.Content;
import trunkline.feature.ElicitResult;
import trunkline.feature.RequestContext;
import trunkline.feature.Resource;
import trunkline.feature.SamplingRequest;
import trunkline.feature.SamplingTool;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.feature.UrlElicitation;
import trunkline.feature.UrlElicitationRequest;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.RpcException;

/// Tools that a test can watch and hold: a call says that it has begun and waits to be let go.
final class ScenarioTools {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// With what PostgreSQL's text does not have, and long.
  static final String SHOUT = "no\0".repeat(1_000);

  private final Map<String, Gate> gates = new ConcurrentHashMap<>();
  final BlockingQueue<String> visits = new LinkedBlockingQueue<>();

  record Text(String text) {}

  record Named(String name) {}

  record Count(int to) {}

  record Note(String level, String text) {}

  record Big(String what, int bytes) {}

  record Who(String name) {}

  record Visited(String elicitation) {}

  record Sum(int a, int b) {}

  /// Where a call of `hold` waits.
  static final class Gate {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();

    void awaitBegun() throws InterruptedException {
      require(begun, "the call did not begin");
    }

    void open() {
      opened.countDown();
    }

    void awaitInterrupted() throws InterruptedException {
      require(interrupted, "the call was not interrupted");
    }

    boolean isInterrupted() {
      return interrupted.getCount() == 0;
    }

    int runs() {
      return runs.get();
    }

    private static void require(CountDownLatch latch, String otherwise)
        throws InterruptedException {
      if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(otherwise);
      }
    }
  }

  private static URI page(String elicitation) {
    return URI.create("https://example.com/sign-in?elicitation=" + elicitation);
  }

  private String visited(UrlElicitation page, RequestContext context) {
    var outcome = "interrupted";
    try {
      context.log(LogLevel.ERROR, "waits for " + page.id());
      outcome = page.awaitCompleted(PATIENCE) ? "welcome" : "not done";
    } finally {
      visits.add(outcome);
    }
    return outcome;
  }

  /// How the next call of `visit` stopped waiting for its user.
  String nextVisit() throws InterruptedException {
    return String.valueOf(visits.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  Gate gate(String name) {
    return gates.computeIfAbsent(name, _ -> new Gate());
  }

  private static Content.ToolOutcome added(Content.ToolUse use) {
    var sum = use.input().path("a").asInt() + use.input().path("b").asInt();
    return use.answeredBy(ToolResult.text("" + sum));
  }

  Catalog catalog() {
    return Catalog.builder()
        .add(
            Tool.named("echo")
                .description("Answers the text")
                .input(Text.class)
                .handler((input, _) -> ToolResult.text(input.text())),
            Tool.named("count")
                .description("Sends that many messages, then answers")
                .input(Count.class)
                .handler((input, context) -> {
                  for (var i = 1; i <= input.to(); i++) {
                    context.progress(i, input.to());
                    context.log(LogLevel.ERROR, "count " + i);
                  }
                  return ToolResult.text("counted " + input.to());
                }),
            Tool.named("hold")
                .description("Says that it has begun, waits at the gate, then answers")
                .tasks(TaskSupport.OPTIONAL)
                .input(Named.class)
                .handler((input, context) -> {
                  var gate = gate(input.name());
                  gate.runs.incrementAndGet();
                  context.log(LogLevel.ERROR, "begun " + input.name());
                  gate.begun.countDown();
                  try {
                    Gate.require(gate.opened, "nobody opened the gate");
                  } catch (InterruptedException e) {
                    gate.interrupted.countDown();
                    throw e;
                  }
                  context.log(LogLevel.ERROR, "open " + input.name());
                  return ToolResult.text("held " + input.name());
                }),
            Tool.named("wait_silently")
                .description("Waits at the gate without a word")
                .tasks(TaskSupport.OPTIONAL)
                .input(Named.class)
                .handler((input, _) -> {
                  var gate = gate(input.name());
                  gate.runs.incrementAndGet();
                  gate.begun.countDown();
                  try {
                    Gate.require(gate.opened, "nobody opened the gate");
                  } catch (InterruptedException e) {
                    gate.interrupted.countDown();
                    throw e;
                  }
                  return ToolResult.text("waited " + input.name());
                }),
            Tool.named("say")
                .description("Logs a message of a level")
                .input(Note.class)
                .handler((input, context) -> {
                  context.log(
                      LogLevel.valueOf(input.level().toUpperCase(Locale.ROOT)), input.text());
                  return ToolResult.text("said");
                }),
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
                }),
            Tool.named("be_big")
                .description("Makes a result, a message or a question of about so many bytes")
                .input(Big.class)
                .handler((input, context) -> {
                  var text = "x".repeat(input.bytes());
                  switch (input.what()) {
                    case "message" -> context.log(LogLevel.ERROR, text);
                    case "question" -> context.elicit(text, Who.class);
                    default -> {
                      return ToolResult.text(text);
                    }
                  }
                  return ToolResult.text("done");
                }),
            Tool.named("ask_slowly")
                .description("Asks the client's model, logs how far it is, gives up at a number")
                .input(Count.class)
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
                }),
            Tool.named("ask_at_gate")
                .description("Says that it has begun, waits at the gate, then asks for a name")
                .input(Named.class)
                .handler((input, context) -> {
                  context.log(LogLevel.ERROR, "begun " + input.name());
                  Gate.require(gate(input.name()).opened, "nobody opened the gate");
                  return ToolResult.text(String.valueOf(context.elicit("Your name?", Who.class)));
                }),
            Tool.named("visit")
                .description("Sends the user to a web page and waits until the user is done")
                .handler((_, context) ->
                    ToolResult.text(
                        switch (context.elicitUrl("Please sign in", ScenarioTools::page)) {
                          case ElicitResult.Accepted<UrlElicitation>(var page) ->
                              visited(page, context);
                          case ElicitResult.Declined<UrlElicitation>() -> "declined";
                          case ElicitResult.Cancelled<UrlElicitation>() -> "cancelled";
                        })),
            Tool.named("need_visit")
                .description("Answers who was at the web page, and refuses who was not")
                .input(Visited.class)
                .handler((input, context) -> {
                  if (!context.urlElicitation(input.elicitation()).isCompleted()) {
                    throw new UrlElicitationRequired(
                        List.of(
                            UrlElicitationRequest.of("Please sign in.", ScenarioTools::page),
                            UrlElicitationRequest.of("Please pay.", ScenarioTools::page)));
                  }
                  return ToolResult.text("welcome back");
                }),
            Tool.named("ask_and_hold")
                .description("Asks for a name, waits at the gate, then answers; may run again")
                .idempotent()
                .tasks(TaskSupport.OPTIONAL)
                .input(Named.class)
                .handler((input, context) -> {
                  var gate = gate(input.name());
                  gate.runs.incrementAndGet();
                  var who = context.elicit("Your name?", Who.class).accepted().orElseThrow();
                  gate.begun.countDown();
                  Gate.require(gate.opened, "nobody opened the gate");
                  return ToolResult.text("held for " + who.name());
                }),
            Tool.named("later")
                .description("Answers the text, in its own time")
                .tasks(TaskSupport.REQUIRED)
                .input(Text.class)
                .handler((input, context) -> {
                  context.progress(1, 2.0, "on its way");
                  context.log(LogLevel.ERROR, "soon");
                  return switch (input.text()) {
                    case "fail" -> throw new ToolFailed("it did not work");
                    case "shout" -> throw new ToolFailed(SHOUT);
                    case "break" -> throw RpcException.invalidParams("that is no text");
                    default -> ToolResult.text(input.text());
                  };
                }),
            Tool.named("ping_client")
                .description("Asks whether the client is there")
                .handler((_, context) -> {
                  context.ping();
                  return ToolResult.text("there");
                }),
            Tool.named("ask_model")
                .description("Asks the client's model")
                .needs(ClientCapability.SAMPLING)
                .handler((_, context) ->
                    ToolResult.text(context.sample(SamplingRequest.of("Say hi", 10)).text())),
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
                            answer, answer.toolUses().stream().map(ScenarioTools::added).toList());
                    answer = context.sample(request);
                  }
                  return ToolResult.text(answer.text());
                }),
            Tool.named("ask_roots")
                .description("Asks the client for its roots")
                .needs(ClientCapability.ROOTS)
                .handler((_, context) -> ToolResult.text(context.roots().getFirst().uri())),
            Tool.named("ask_roots_twice")
                .description("Asks for the client's roots before and after the gate")
                .input(Named.class)
                .needs(ClientCapability.ROOTS)
                .handler((input, context) -> {
                  var gate = gate(input.name());
                  var before = context.roots().getFirst().uri();
                  gate.begun.countDown();
                  Gate.require(gate.opened, "nobody opened the gate");
                  return ToolResult.text(before + " " + context.roots().getFirst().uri());
                }),
            Resource.at("scenario://weather").name("weather").text((_, _) -> "sunny"))
        .build();
  }
}
