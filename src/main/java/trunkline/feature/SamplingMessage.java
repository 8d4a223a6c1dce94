package trunkline.feature;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// One message of a conversation with the client's model: text, images and audio; the model's wish
/// to use tools, when it is the assistant's; or what those tools answered, and nothing else.
public record SamplingMessage(Role role, List<Content> content) {
  public SamplingMessage {
    content = List.copyOf(content);
    if (content.isEmpty()) {
      throw new IllegalArgumentException("a message to a model has content");
    }
    content.forEach(block -> require(role, block));
    if (content.stream().anyMatch(Content.ToolOutcome.class::isInstance)
        && !content.stream().allMatch(Content.ToolOutcome.class::isInstance)) {
      throw new IllegalArgumentException(
          "a message with a tool's outcome holds outcomes only: say the rest in another one");
    }
  }

  private static void require(Role role, Content block) {
    switch (block) {
      case Content.ToolUse use when role != Role.ASSISTANT ->
          throw new IllegalArgumentException(
              "only the assistant uses tools, not the user: " + use.name());
      case Content.ToolOutcome outcome when role != Role.USER ->
          throw new IllegalArgumentException(
              "a tool's outcome is told by the user, not by the assistant: " + outcome.toolUseId());
      case Content.Link link ->
          throw new IllegalArgumentException(
              "a model cannot follow the link " + link.uri() + ": say what is there");
      case Content.Embedded _ ->
          throw new IllegalArgumentException(
              "a model takes text, images and audio, no resources: say what it holds");
      case Content.Text _,
          Content.Image _,
          Content.Audio _,
          Content.ToolUse _,
          Content.ToolOutcome _,
          Content.Other _ -> {}
    }
  }

  public static SamplingMessage user(String text) {
    return new SamplingMessage(Role.USER, List.of(Content.text(text)));
  }

  public static SamplingMessage assistant(String text) {
    return new SamplingMessage(Role.ASSISTANT, List.of(Content.text(text)));
  }

  List<Content.ToolUse> toolUses() {
    return Content.ToolUse.among(content);
  }

  List<String> answeredUses() {
    return content.stream()
        .filter(Content.ToolOutcome.class::isInstance)
        .map(block -> ((Content.ToolOutcome) block).toolUseId())
        .toList();
  }

  boolean isAboutTools() {
    return content.stream().anyMatch(Content::isOfSampling);
  }

  /// The form that every revision reads: each block is a message, except blocks of tools, which
  /// older revisions lack and which belong together.
  Stream<ObjectNode> json() {
    if (!isAboutTools()) {
      return content.stream().map(block -> message(role).set("content", block.json()));
    }
    var message = message(role);
    var blocks = message.putArray("content");
    content.forEach(block -> blocks.add(block.json()));
    return Stream.of(message);
  }

  private static ObjectNode message(Role role) {
    return Codec.object().put("role", role.json());
  }
}
