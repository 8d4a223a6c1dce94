/// Runs methods that were annotated for other servers, without a dependency on them: their
/// annotations are read by name, and what the methods return by the names of its parts.
///
/// ```java
/// var catalog = Catalog.builder();
/// AnnotatedFeatures.of(new Weather(), new Bookings()).addTo(catalog);
/// ```
///
/// | vocabulary | annotations | what may be returned besides |
/// |---|---|---|
/// | mcp-java 1.0 (`org.mcpjava.server`), of Quarkus, WildFly, Open Liberty | `@Tool`, `@ToolArg`, `@Prompt`, `@PromptArg`, `@Resource`, `@ResourceTemplate`, `@ResourceTemplateArg`, `@CompletePrompt`, `@CompleteResourceTemplate`, `@CompleteArg` | nothing: its values need a server of its own |
/// | Quarkus MCP Server (`io.quarkiverse.mcp.server`) | the same | `ToolResponse`, `Content`, `PromptMessage`, `PromptResponse`, `ResourceContents`, `ResourceResponse`, `CompletionResponse` |
/// | LangChain4j (`dev.langchain4j.agent.tool`) | `@Tool`, `@P` | nothing |
///
/// Spring AI's annotated beans run by [trunkline.adapter.sdk], since its own provider makes
/// specifications of them without a Spring context.
///
/// ## A method
///
/// Its parameters become a record, and that is the tool's input: whatever a record's component may
/// be ([trunkline.feature]), a parameter may be, and is described, checked and bound the same way.
/// `required = false` makes one optional; `defaultValue` is text for strings, enums and dates, JSON
/// for others. Parameters are known by their names, so the class has to be compiled with
/// `-parameters`, unless each annotation names its own.
///
/// A parameter of type [trunkline.feature.RequestContext] is given to any method, and is how it
/// asks its client, reports progress and logs. What other servers inject instead (`Elicitation`,
/// `Progress`, `McpLog` …) belongs to their runtimes and is refused when the feature is built, with
/// the words that say the same here.
///
/// | it returns | the client gets |
/// |---|---|
/// | `String`, number, boolean, enum | its text |
/// | a record, with `structuredContent = true` | structured content, whose schema is derived, and the same as text |
/// | a list | a block for each element |
/// | [trunkline.feature.ToolResult], [trunkline.feature.Content] | that |
/// | anything else | its JSON as text |
/// | `CompletionStage`, `Optional` | what is inside |
/// | nothing | `Success` |
///
/// A method's exception shows its message to the client when its own vocabulary would:
/// `ToolCallException` and `McpException` do. Others may hold secrets, and the client is told that
/// the tool failed.
///
/// ## What is not there
///
/// Beans are given, not found: injection, interceptors and scopes are those of whoever made the
/// object, and a proxy's methods are called on the proxy. `@Icons`, `@MetaField`, schema
/// generators, guardrails, `Uni` and `Multi` are refused by name. LangChain4j's `returnBehavior`,
/// `searchBehavior` and `metadata` are for its own agent and have no effect. An annotation tells
/// nothing of what was left out, so hints that all have their default are unsaid.
@NullMarked
package trunkline.adapter.annotated;

import org.jspecify.annotations.NullMarked;
