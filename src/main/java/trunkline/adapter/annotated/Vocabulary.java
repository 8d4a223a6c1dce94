package trunkline.adapter.annotated;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A server's annotations, by name.
enum Vocabulary {
  MCP_JAVA(
      "org.mcpjava.server.",
      Map.of(
          "tools.Tool", Role.TOOL,
          "prompts.Prompt", Role.PROMPT,
          "resources.Resource", Role.RESOURCE,
          "resources.ResourceTemplate", Role.TEMPLATE,
          "completion.CompletePrompt", Role.COMPLETE_PROMPT,
          "completion.CompleteResourceTemplate", Role.COMPLETE_TEMPLATE)),
  QUARKUS(
      "io.quarkiverse.mcp.server.",
      Map.of(
          "Tool", Role.TOOL,
          "Prompt", Role.PROMPT,
          "Resource", Role.RESOURCE,
          "ResourceTemplate", Role.TEMPLATE,
          "CompletePrompt", Role.COMPLETE_PROMPT,
          "CompleteResourceTemplate", Role.COMPLETE_TEMPLATE)),
  LANGCHAIN4J("dev.langchain4j.", Map.of("agent.tool.Tool", Role.TOOL));

  /// What a method is for.
  enum Role {
    TOOL,
    PROMPT,
    RESOURCE,
    TEMPLATE,
    COMPLETE_PROMPT,
    COMPLETE_TEMPLATE
  }

  private static final String SPRING = "org.springframework.ai.mcp.annotation.";

  private final String prefix;
  private final Map<String, Role> roles;

  Vocabulary(String prefix, Map<String, Role> roles) {
    this.prefix = prefix;
    this.roles = roles;
  }

  /// The role that this annotation gives a method.
  Optional<Role> findRole(Annotation annotation) {
    var name = annotation.annotationType().getName();
    return name.startsWith(prefix)
        ? Optional.ofNullable(roles.get(name.substring(prefix.length())))
        : Optional.empty();
  }

  /// Whether this type is of this server, and so of its runtime.
  boolean owns(Class<?> type) {
    return type.getName().startsWith(prefix);
  }

  static Optional<Vocabulary> findOwner(Class<?> type) {
    return Stream.of(values()).filter(each -> each.owns(type)).findFirst();
  }

  /// Those of tools, for a message.
  static String names() {
    return Stream.of(values())
        .flatMap(each ->
            each.roles.entrySet().stream()
                .filter(role -> role.getValue() == Role.TOOL)
                .map(role -> each.prefix + role.getKey()))
        .collect(Collectors.joining(", "));
  }

  /// For who has another server's beans; empty for others.
  static String hint(Class<?> bean) {
    return Arrays.stream(bean.getMethods()).anyMatch(Vocabulary::isSpring)
        ? "; Spring AI's run by trunkline.adapter.sdk:"
            + " new SdkFeatures().tools(new SyncMcpToolProvider(List.of(bean)).getToolSpecifications())"
        : "";
  }

  private static boolean isSpring(Method method) {
    return Stream.of(method.getAnnotations())
        .anyMatch(each -> each.annotationType().getName().startsWith(SPRING));
  }
}
