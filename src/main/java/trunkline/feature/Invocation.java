package trunkline.feature;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Something that is about to happen for a client, on whichever carrier: its request, the task made
/// of it, or a question to it. Interceptors see it, and may go on with another one of its kind.
///
/// @param <R> what comes of it
public sealed interface Invocation<R> {
  /// Who asks, and what may be said to it.
  RequestContext context();

  /// The method by its name in MCP, such as `tools/call`.
  String method();

  /// The tool, URI, prompt or argument that it is about; of a question, its method.
  String name();

  /// Whom it is for.
  default Principal caller() {
    return context().identity();
  }

  /// A call of a tool, whose arguments its schema accepts.
  ///
  /// @param arguments must not be modified; other ones are checked again
  record ToolCall(Tool tool, ObjectNode arguments, RequestContext context)
      implements Invocation<ToolResult> {
    @Override
    public String method() {
      return "tools/call";
    }

    @Override
    public String name() {
      return tool.name();
    }

    /// The same with other arguments.
    public ToolCall with(ObjectNode others) {
      return new ToolCall(tool, others, context);
    }
  }

  /// A resource that is read.
  record ResourceReading(ResourceRequest request, RequestContext context)
      implements Invocation<List<ResourceContents>> {
    @Override
    public String method() {
      return "resources/read";
    }

    @Override
    public String name() {
      return request.uri();
    }
  }

  /// A prompt that is written.
  record PromptWriting(Prompt prompt, Map<String, String> arguments, RequestContext context)
      implements Invocation<List<PromptMessage>> {
    @Override
    public String method() {
      return "prompts/get";
    }

    @Override
    public String name() {
      return prompt.name();
    }

    /// The same with other arguments.
    public PromptWriting with(Map<String, String> others) {
      return new PromptWriting(prompt, others, context);
    }
  }

  /// Suggestions for an argument.
  ///
  /// @param of the prompt's name or the template's pattern
  record Completing(
      String of, String name, String value, Map<String, String> settled, RequestContext context)
      implements Invocation<Completion> {
    @Override
    public String method() {
      return "completion/complete";
    }
  }

  /// Questions that a handler puts to its client, answered in their order.
  record Asking(List<ClientRequest> questions, RequestContext context)
      implements Invocation<List<JsonNode>> {
    @Override
    public String method() {
      return "ask";
    }

    @Override
    public String name() {
      return questions.isEmpty() ? "" : questions.getFirst().method();
    }
  }
}
