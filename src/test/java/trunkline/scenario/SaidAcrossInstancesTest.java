package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;
import trunkline.feature.Annotations;
import trunkline.feature.Catalog;
import trunkline.feature.Completer;
import trunkline.feature.Completion;
import trunkline.feature.Content;
import trunkline.feature.Icon;
import trunkline.feature.Meta;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.Resource;
import trunkline.feature.ResourceContents;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.Role;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;

/// Goal: a handler may say all that MCP has a place for, and a client gets exactly what its
/// revision knows. Method: a catalog whose every feature, content and result says everything; the
/// members of each object on the wire are compared with the table, revision by revision. A session
/// is opened on one instance and asks the other.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SaidAcrossInstancesTest {
  private static final String ALL = "2025-03-26";
  private static final String LATER = "2025-06-18";
  private static final String NEWER = "2025-11-25";
  private static final String NEWEST = "2026-07-28";

  /// Each kind of object: its members, by the revision that brought them.
  private static final Map<String, Map<String, String>> TABLE = new LinkedHashMap<>();

  static {
    know("tool", ALL, "name description inputSchema annotations");
    know("tool", LATER, "title outputSchema _meta");
    know("tool", NEWER, "icons");
    know("hints", ALL, "readOnlyHint destructiveHint idempotentHint openWorldHint");
    know("resource", ALL, "uri name description mimeType annotations size");
    know("resource", LATER, "title _meta");
    know("resource", NEWER, "icons");
    know("template", ALL, "uriTemplate name description mimeType annotations");
    know("template", LATER, "title _meta");
    know("template", NEWER, "icons");
    know("prompt", ALL, "name description arguments");
    know("prompt", LATER, "title _meta");
    know("prompt", NEWER, "icons");
    know("argument", ALL, "name description required");
    know("argument", LATER, "title");
    know("icon", NEWER, "src mimeType sizes theme");
    know("annotations", ALL, "audience priority");
    know("annotations", LATER, "lastModified");
    know("text", ALL, "type text annotations");
    know("text", LATER, "_meta");
    know("image", ALL, "type data mimeType annotations");
    know("image", LATER, "_meta");
    know("audio", ALL, "type data mimeType annotations");
    know("audio", LATER, "_meta");
    know("embedded text", ALL, "type resource annotations");
    know("embedded text", LATER, "_meta");
    know("embedded blob", ALL, "type resource annotations");
    know("embedded blob", LATER, "_meta");
    know("link", LATER, "type uri name title description mimeType size annotations _meta");
    know("link", NEWER, "icons");
    know("text of a resource", ALL, "uri mimeType text");
    know("text of a resource", LATER, "_meta");
    know("blob of a resource", ALL, "uri mimeType blob");
    know("blob of a resource", LATER, "_meta");
    know("result of a tool", ALL, "content _meta");
    know("result of a tool", LATER, "structuredContent");
    know("result of a resource", ALL, "contents _meta");
    know("result of a prompt", ALL, "description messages _meta");
    know("result of a completion", ALL, "completion _meta");
  }

  private static final Annotations ADVICE =
      Annotations.forAudience(Role.USER, Role.ASSISTANT)
          .withPriority(0.5)
          .withLastModified(Instant.EPOCH);

  private static final Meta META = Meta.of("shop.example/about", "it");
  private static final Icon ICON =
      new Icon("https://shop.example/i.png", "image/png", List.of("48x48"), "dark");
  private static final byte[] BYTES = "x".getBytes(StandardCharsets.UTF_8);

  private final TestCluster cluster;
  private TestCluster.Instance a;
  private TestCluster.Instance b;

  SaidAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  private static void know(String kind, String since, String members) {
    var known = TABLE.computeIfAbsent(kind, _ -> new LinkedHashMap<>());
    for (var member : members.split(" ", -1)) {
      known.put(member, since);
    }
  }

  /// Content of every kind, in this order.
  private static final List<String> KINDS =
      List.of("text", "image", "audio", "embedded text", "embedded blob", "link");

  private static Content[] contents(Resource linked) {
    var text = ResourceContents.text("say://text", "text/plain", "x").withMeta(META);
    var blob = ResourceContents.blob("say://blob", "image/png", BYTES).withMeta(META);
    return Stream.of(
            Content.text("x"),
            Content.image(BYTES, "image/png"),
            Content.audio(BYTES, "audio/wav"),
            Content.embedded(text),
            Content.embedded(blob),
            Content.link(linked))
        .map(content -> content.annotated(ADVICE).withMeta(META))
        .toArray(Content[]::new);
  }

  @BeforeAll
  void start() {
    var said = StringNode.valueOf("it");
    var resource =
        Resource.at("say://all")
            .name("all")
            .title("All")
            .description("Everything")
            .mimeType("text/plain")
            .size(1)
            .annotations(ADVICE)
            .icon(ICON)
            .meta("shop.example/about", said)
            .contents((request, context) -> {
              context.resultMeta("shop.example/about", said);
              return List.of(
                  ResourceContents.text(request.uri(), "text/plain", "x").withMeta(META),
                  ResourceContents.blob(request.uri(), "image/png", BYTES).withMeta(META));
            });
    var template =
        ResourceTemplate.matching("say://{what}")
            .name("any")
            .title("Any")
            .description("Anything")
            .mimeType("text/plain")
            .annotations(ADVICE)
            .icon(ICON)
            .meta("shop.example/about", "it")
            .text((_, _) -> "x");
    var tool =
        Tool.named("say")
            .title("Say")
            .description("Says everything")
            .icon(ICON)
            .meta("shop.example/about", "it")
            .readOnly()
            .idempotent()
            .destructive(false)
            .openWorld(false)
            .outputSchema("{\"type\":\"object\"}")
            .handler((_, context) -> {
              context.resultMeta("shop.example/more", said);
              return new ToolResult(List.of(contents(resource)), Codec.object(), false, META);
            });
    var prompt =
        Prompt.named("talk")
            .title("Talk")
            .description("Talks")
            .icon(ICON)
            .meta("shop.example/about", "it")
            .argument(
                PromptArgument.optional("what", "what")
                    .titled("What")
                    .completedBy(
                        Completer.inContext((_, _, context) -> {
                          context.resultMeta("shop.example/about", said);
                          return Completion.of(List.of("x"));
                        })))
            .handler((_, context) -> {
              context.resultMeta("shop.example/about", said);
              return Stream.of(contents(resource))
                  .map(content -> new PromptMessage(Role.USER, content))
                  .toList();
            });
    cluster.with(Catalog.builder().add(tool, resource, template, prompt).build());
    a = cluster.start("a");
    b = cluster.start("b", "poll-only", "true");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @FunctionalInterface
  private interface Asking {
    Reply ask(String method, String params) throws InterruptedException;
  }

  private static String members(String kind, String revision) {
    return TABLE.getOrDefault(kind, Map.of()).entrySet().stream()
        .filter(member -> member.getValue().compareTo(revision) <= 0)
        .map(Map.Entry::getKey)
        .sorted()
        .collect(Collectors.joining(" "));
  }

  /// What a result of the stateless era has besides is not said by a handler.
  private static String members(JsonNode object) {
    var names = new TreeSet<>(object.propertyNames());
    names.removeAll(Set.of("resultType", "ttlMs", "cacheScope"));
    return String.join(" ", names);
  }

  @ParameterizedTest
  @ValueSource(strings = {ALL, LATER, NEWER, NEWEST})
  void a_client_gets_all_that_its_revision_knows_and_no_more(String revision)
      throws InterruptedException {
    try (var session = new McpTestClient();
        var alone = new StatelessTestClient()) {
      if (!revision.equals(NEWEST)) {
        session.on(a).connect(revision);
      }
      Asking asking =
          revision.equals(NEWEST)
              ? (method, params) -> alone.on(b).request(method, params)
              : (method, params) -> session.on(b).request(method, params);
      var objects = objects(asking);

      var got = new LinkedHashMap<String, String>();
      objects.forEach((kind, object) -> got.put(kind, members(object)));
      var expected = new LinkedHashMap<String, String>();
      objects.keySet().forEach(place -> expected.put(place, expected(place, revision)));

      assertThat(got).isEqualTo(expected);
      assertThat(objects.keySet().stream().map(place -> place.replaceAll(" @.*", "")))
          .as("the whole table was looked at")
          .containsAll(TABLE.keySet());
      var meta = Objects.requireNonNull(objects.get("result of a tool")).path("_meta");
      assertThat(meta.path("shop.example/about").asString()).isEqualTo("it");
      assertThat(meta.path("shop.example/more").asString()).isEqualTo("it");
    }
  }

  private static String expected(String place, String revision) {
    var kind = place.replaceAll(" @.*", "");
    if (kind.equals("link") && revision.equals(ALL)) {
      return "text type"; // what it would link to, in words
    }
    if (kind.equals("hints") && revision.equals(ALL)) { // a tool has its title there
      return Stream.concat(
              Arrays.stream(members(kind, revision).split(" ", -1)), Stream.of("title"))
          .sorted()
          .collect(Collectors.joining(" "));
    }
    if (place.equals("annotations @link") && revision.equals(ALL)) {
      return "";
    }
    return members(kind, revision);
  }

  /// Every object that was said, by its kind and, where there are several, its place.
  private static Map<String, JsonNode> objects(Asking asking) throws InterruptedException {
    var objects = new LinkedHashMap<String, JsonNode>();
    var tool = asking.ask("tools/list", "{}").result().at("/tools/0");
    var resource = asking.ask("resources/list", "{}").result().at("/resources/0");
    var template = asking.ask("resources/templates/list", "{}").result().at("/resourceTemplates/0");
    var prompt = asking.ask("prompts/list", "{}").result().at("/prompts/0");
    objects.put("tool", tool);
    objects.put("hints", tool.path("annotations"));
    objects.put("icon", tool.at("/icons/0"));
    objects.put("resource", resource);
    objects.put("annotations", resource.path("annotations"));
    objects.put("template", template);
    objects.put("annotations @template", template.path("annotations"));
    objects.put("prompt", prompt);
    objects.put("argument", prompt.at("/arguments/0"));

    var called = asking.ask("tools/call", json("{'name':'say'}")).result();
    objects.put("result of a tool", called);
    for (var i = 0; i < KINDS.size(); i++) {
      var content = called.path("content").path(i);
      objects.put(KINDS.get(i), content);
      objects.put("annotations @" + KINDS.get(i), content.path("annotations"));
    }
    objects.put("icon @link", called.at("/content/5/icons/0"));
    objects.put("text of a resource @embedded", called.at("/content/3/resource"));
    objects.put("blob of a resource @embedded", called.at("/content/4/resource"));

    var read = asking.ask("resources/read", json("{'uri':'say://all'}")).result();
    objects.put("result of a resource", read);
    objects.put("text of a resource", read.at("/contents/0"));
    objects.put("blob of a resource", read.at("/contents/1"));

    var talked = asking.ask("prompts/get", json("{'name':'talk'}")).result();
    objects.put("result of a prompt", talked);
    for (var i = 0; i < KINDS.size(); i++) {
      objects.put(KINDS.get(i) + " @prompt", talked.path("messages").path(i).path("content"));
    }

    objects.put(
        "result of a completion",
        asking
            .ask(
                "completion/complete",
                json(
                    "{'ref':{'type':'ref/prompt','name':'talk'},'argument':{'name':'what','value':''}}"))
            .result());
    return objects;
  }
}
