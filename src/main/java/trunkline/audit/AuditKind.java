package trunkline.audit;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What may be recorded, or left out: each method belongs to one kind.
public enum AuditKind {
  CALLS("tools/call"),
  READS("resources/read"),
  PROMPTS("prompts/get"),
  COMPLETIONS("completion/complete"),
  TASKS("tasks/result", "tasks/update", "tasks/cancel"),
  /// What lasts; of HTTP, the streams of sessions.
  SUBSCRIPTIONS("resources/subscribe", "resources/unsubscribe", "subscriptions/listen", "GET"),
  /// Their begin and their end by their client.
  SESSIONS("initialize", "DELETE"),
  /// Looks at what there is.
  LISTS(
      "tools/list",
      "resources/list",
      "resources/templates/list",
      "prompts/list",
      "tasks/list",
      "tasks/get",
      "server/discover"),
  /// What does nothing to anybody, and methods that there are not.
  OTHERS("ping", "logging/setLevel"),
  /// Refused for who asks or how often, whatever it was.
  DENIALS;

  private static final Map<String, AuditKind> KINDS =
      Arrays.stream(values())
          .flatMap(kind -> kind.methods.stream().map(method -> Map.entry(method, kind)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  /// Made once, and never changed.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<String> methods;

  AuditKind(String... methods) {
    this.methods = Set.of(methods);
  }

  /// The kind of a method.
  static AuditKind of(String method) {
    return KINDS.getOrDefault(method, OTHERS);
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Reads their words.
  ///
  /// @throws IllegalArgumentException when one is none
  public static Set<AuditKind> read(Collection<String> words) {
    var kinds = EnumSet.noneOf(AuditKind.class);
    for (var word : words) {
      kinds.add(
          Arrays.stream(values())
              .filter(kind -> kind.word().equals(word))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("the kinds are " + words())));
    }
    return kinds;
  }

  private static String words() {
    return Arrays.stream(values()).map(AuditKind::word).collect(Collectors.joining(", "));
  }
}
