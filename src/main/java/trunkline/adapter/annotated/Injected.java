package trunkline.adapter.annotated;

import java.lang.reflect.Parameter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import trunkline.feature.RequestContext;
import trunkline.feature.ResourceRequest;

/// Parameters that no client fills in.
final class Injected {
  /// What other servers inject, by simple name, and how the same is said here.
  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("Elicitation", "elicit(…)"),
          Map.entry("Sampling", "sample(…)"),
          Map.entry("Roots", "roots()"),
          Map.entry("Progress", "progress(…)"),
          Map.entry("McpLog", "log(…)"),
          Map.entry("Cancellation", "isCancelled() or throwIfCancelled()"),
          Map.entry("McpConnection", "sessionId(), supports(…) and values()"),
          Map.entry("McpRequest", "sessionId(), principal() and supports(…)"),
          Map.entry("NotificationManager", "server().broadcast(…)"));

  private static final Set<String> LANGCHAIN4J =
      Set.of("ToolMemoryId", "InvocationParameters", "InvocationContext");

  private Injected() {}

  static boolean isOurs(Class<?> type) {
    return type == RequestContext.class || type == ResourceRequest.class;
  }

  /// Refuses what only another server's runtime could give.
  static void requireNone(Marked marked, Parameter parameter) {
    for (var annotation : parameter.getAnnotations()) {
      var name = annotation.annotationType().getSimpleName();
      if (LANGCHAIN4J.contains(name) && marked.vocabulary().owns(annotation.annotationType())) {
        throw refused(marked, "@" + name, Optional.of("sessionId() and values()"));
      }
    }
    var type = parameter.getType();
    if (Vocabulary.findOwner(type).isPresent()) {
      throw refused(
          marked, type.getSimpleName(), Optional.ofNullable(INSTEAD.get(type.getSimpleName())));
    }
  }

  private static IllegalArgumentException refused(
      Marked marked, String what, Optional<String> instead) {
    return marked.refused(
        "takes a "
            + what
            + ", which only the runtime of "
            + marked.vocabulary()
            + " can give"
            + instead
                .map(words ->
                    ": take a trunkline.feature.RequestContext and use its " + words + " instead")
                .orElse(", and Trunkline has nothing like it: do without"));
  }
}
