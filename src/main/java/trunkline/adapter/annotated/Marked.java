package trunkline.adapter.annotated;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A method that another server's annotation marks, and the object to call it on.
///
/// @param marks of that annotation
record Marked(
    Object bean, Method method, Vocabulary vocabulary, Vocabulary.Role role, Marks marks) {
  /// Annotations beside the main one that would be missed if nobody said so.
  private static final List<String> UNCARRIED =
      List.of("Icons", "MetaField", "MetaFields", "ToolGuardrails", "CompensateFor");

  private static final Set<String> REACTIVE =
      Set.of(
          "io.smallrye.mutiny.Uni",
          "io.smallrye.mutiny.Multi",
          "reactor.core.publisher.Mono",
          "reactor.core.publisher.Flux");

  /// Those of this object and its superclasses, by name. A proxy's are found on what it stands for.
  static List<Marked> methodsOf(Object bean) {
    var found = new ArrayList<Marked>();
    for (Class<?> type = bean.getClass(); type != null; type = type.getSuperclass()) {
      Stream.of(type.getDeclaredMethods())
          .filter(method -> !method.isSynthetic())
          .sorted(Comparator.comparing(Method::getName).thenComparing(Method::toGenericString))
          .filter(method -> !isMarked(found, method))
          .forEach(method -> addIfMarked(found, bean, method));
    }
    return found;
  }

  private static boolean isMarked(List<Marked> found, Method method) {
    return found.stream().anyMatch(each -> signature(each.method).equals(signature(method)));
  }

  private static String signature(Method method) {
    return method.getName() + Arrays.toString(method.getParameterTypes());
  }

  private static void addIfMarked(List<Marked> found, Object bean, Method method) {
    for (var annotation : method.getAnnotations()) {
      for (var vocabulary : Vocabulary.values()) {
        vocabulary
            .findRole(annotation)
            .ifPresent(role ->
                found.add(
                    new Marked(bean, method, vocabulary, role, new Marks(annotation)).ready()));
      }
    }
  }

  private Marked ready() {
    for (var annotation : method.getAnnotations()) {
      var type = annotation.annotationType();
      if (vocabulary.owns(type) && UNCARRIED.contains(type.getSimpleName())) {
        throw refused("has @" + type.getSimpleName() + ", which Trunkline does not carry");
      }
    }
    var returned = method.getReturnType();
    if (REACTIVE.contains(returned.getName())) {
      throw refused(
          "returns a "
              + returned.getSimpleName()
              + ": let it return the value itself and block, its thread is virtual");
    }
    if (vocabulary == Vocabulary.MCP_JAVA && vocabulary.owns(returned)) {
      throw refused(
          "returns "
              + returned.getSimpleName()
              + ", whose values need a server of their own: let it return text, a record, or"
              + " Trunkline's ToolResult, PromptMessage or ResourceContents");
    }
    if (!Modifier.isPublic(method.getModifiers())
        || !Modifier.isPublic(method.getDeclaringClass().getModifiers())) {
      if (!method.trySetAccessible()) {
        throw refused("cannot be called: make class and method public, or open the module");
      }
    }
    return this;
  }

  /// Its name for clients, unless its annotation has another.
  String name() {
    return marks.text("name").orElse(method.getName());
  }

  /// A message that names the method first.
  IllegalArgumentException refused(String why) {
    return new IllegalArgumentException(this + " " + why);
  }

  IllegalArgumentException refused(IllegalArgumentException why) {
    return new IllegalArgumentException(this + ": " + why.getMessage(), why);
  }

  /// Calls it, and waits for what it promises.
  ///
  /// @throws Exception what it throws, as a handler of ours would
  @Nullable Object call(@Nullable Object[] arguments) throws Exception {
    try {
      var returned =
          method.invoke(Modifier.isStatic(method.getModifiers()) ? null : bean, arguments);
      return returned instanceof CompletionStage<?> stage
          ? stage.toCompletableFuture().get()
          : returned;
    } catch (InvocationTargetException | ExecutionException e) {
      throw Thrown.ours(unwrapped(e));
    }
  }

  private static Throwable unwrapped(Throwable thrown) {
    var cause = thrown.getCause();
    return (thrown instanceof InvocationTargetException
                || thrown instanceof ExecutionException
                || thrown instanceof CompletionException)
            && cause != null
        ? unwrapped(cause)
        : thrown;
  }

  List<Parameter> parameters() {
    return List.of(method.getParameters());
  }

  /// As in its source: `com.example.Weather.forecast(String, int)`.
  @Override
  public String toString() {
    return method.getDeclaringClass().getName()
        + "."
        + method.getName()
        + Stream.of(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", ", "(", ")"));
  }
}
