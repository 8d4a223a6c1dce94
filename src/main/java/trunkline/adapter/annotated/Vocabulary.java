package trunkline.adapter.annotated;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A server whose annotations are known, by the names of their packages.
enum Vocabulary {
  MCP_JAVA("org.mcpjava.server."),
  QUARKUS("io.quarkiverse.mcp.server."),
  LANGCHAIN4J("dev.langchain4j.");

  /// What a method is for.
  enum Role {
    TOOL,
    PROMPT,
    RESOURCE,
    TEMPLATE,
    COMPLETE_PROMPT,
    COMPLETE_TEMPLATE
  }

  /// By the annotations' simple names, on which all of them agree.
  private static final Map<String, Role> ROLES =
      Map.of(
          "Tool", Role.TOOL,
          "Prompt", Role.PROMPT,
          "Resource", Role.RESOURCE,
          "ResourceTemplate", Role.TEMPLATE,
          "CompletePrompt", Role.COMPLETE_PROMPT,
          "CompleteResourceTemplate", Role.COMPLETE_TEMPLATE);

  private static final String SPRING = "org.springframework.ai.mcp.annotation.";

  private final String prefix;

  Vocabulary(String prefix) {
    this.prefix = prefix;
  }

  /// The role that this annotation gives a method.
  Optional<Role> findRole(Annotation annotation) {
    return owns(annotation.annotationType())
        ? Optional.ofNullable(ROLES.get(annotation.annotationType().getSimpleName()))
        : Optional.empty();
  }

  /// Whether this type is of this server, and so of its runtime.
  boolean owns(Class<?> type) {
    return type.getName().startsWith(prefix);
  }

  static Optional<Vocabulary> findOwner(Class<?> type) {
    return Stream.of(values()).filter(each -> each.owns(type)).findFirst();
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

  /// Its package.
  @Override
  public String toString() {
    return prefix.substring(0, prefix.length() - 1);
  }
}
