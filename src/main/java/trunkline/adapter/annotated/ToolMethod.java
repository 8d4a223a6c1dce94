package trunkline.adapter.annotated;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trunkline.feature.RequestContext;
import trunkline.feature.Tool;
import trunkline.feature.ToolBuilder;

/// A method as a tool.
final class ToolMethod {
  private static final List<String> HINTS =
      List.of("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint");

  private ToolMethod() {}

  static Tool tool(Marked marked) {
    var marks = marked.marks();
    requireNoGenerators(marked);
    var call = Call.of(marked);
    try {
      var arguments = ArgumentsRecord.of(marked.method().getDeclaringClass(), call.arguments());
      var tool =
          Tool.named(marked.name())
              .description(description(marked))
              .input(arguments.type().asSubclass(Record.class));
      marks
          .text("title")
          .or(() -> marks.within("annotations").text("title"))
          .ifPresent(tool::title);
      annotate(tool, marks.within("annotations"));
      return marks.is("structuredContent", false)
          ? structured(marked, tool, call, arguments)
          : tool.handler((input, context) -> Answers.result(run(call, arguments, input, context)));
    } catch (IllegalArgumentException e) {
      throw marked.refused(e);
    }
  }

  private static @Nullable Object run(
      Call call, ArgumentsRecord arguments, Record input, RequestContext context) throws Exception {
    return call.run(arguments.values(input), context, null);
  }

  private static Tool structured(
      Marked marked, ToolBuilder<? extends Record, ?> tool, Call call, ArgumentsRecord arguments) {
    var type = marked.method().getReturnType();
    if (!type.isRecord()) {
      throw new IllegalArgumentException(
          "structuredContent = true needs a record to derive its schema from, not a "
              + type.getSimpleName());
    }
    return answering(tool, type.asSubclass(Record.class), call, arguments);
  }

  private static <T extends Record> Tool answering(
      ToolBuilder<? extends Record, ?> tool, Class<T> type, Call call, ArgumentsRecord arguments) {
    return tool.output(type)
        .handler((input, context) -> {
          var answer = type.cast(run(call, arguments, input, context));
          return Objects.requireNonNull(answer, "the method returned null, not a record");
        });
  }

  /// In LangChain4j it is the annotation's value.
  private static String description(Marked marked) {
    return marked
        .marks()
        .text("description")
        .or(() -> marked.marks().text("value"))
        .or(() -> marked.marks().text("title"))
        .orElse(marked.name());
  }

  private static void annotate(ToolBuilder<?, ?> tool, Marks hints) {
    if (HINTS.stream().noneMatch(hints::isSaid)) {
      return;
    }
    if (hints.is("readOnlyHint", false)) {
      tool.readOnly();
    }
    if (hints.is("idempotentHint", false)) {
      tool.idempotent();
    }
    tool.destructive(hints.is("destructiveHint", true)).openWorld(hints.is("openWorldHint", true));
  }

  private static void requireNoGenerators(Marked marked) {
    for (var attribute : List.of("inputSchema", "outputSchema", "outputSchemaFrom")) {
      if (marked.marks().isSaid(attribute)) {
        throw marked.refused(
            "has "
                + attribute
                + ": Trunkline derives schemas from parameters, and from a record that is returned"
                + " with structuredContent = true");
      }
    }
  }
}
