package trunkline.adapter.annotated;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.feature.Completer;
import trunkline.feature.Completion;

/// Methods that suggest values, each for one argument of a prompt or a template.
final class Completions {
  private final List<OfArgument> all = new ArrayList<>();
  private final List<Marked> unused = new ArrayList<>();

  /// @param of the name of the prompt or template
  private record OfArgument(Marked marked, Call call, String of, String argument) {
    Completion complete(String value) throws Exception {
      var values = new ArrayList<@Nullable Object>(List.of(value));
      return Answers.completion(call.run(values, null, null));
    }
  }

  Completions(List<Marked> methods) {
    for (var method : methods) {
      if (method.role() == Vocabulary.Role.COMPLETE_PROMPT
          || method.role() == Vocabulary.Role.COMPLETE_TEMPLATE) {
        all.add(read(method));
        unused.add(method);
      }
    }
  }

  private static OfArgument read(Marked method) {
    for (var parameter : method.parameters()) {
      if (Injected.isOurs(parameter.getType())) {
        throw method.refused("takes a RequestContext, but a user who types is asked nothing");
      }
    }
    var call = Call.of(method);
    if (call.arguments().size() != 1) {
      throw method.refused(
          "has "
              + call.arguments().size()
              + " parameters: a completion takes the text of one argument");
    }
    PromptMethod.requireText(method, call.arguments().getFirst());
    return new OfArgument(
        method,
        call,
        method.marks().text("value").orElseThrow(),
        call.arguments().getFirst().name());
  }

  Optional<Completer> find(Vocabulary.Role role, String of, String argument) {
    var found =
        all.stream()
            .filter(each -> each.marked.role() == role)
            .filter(each -> each.of.equals(of) && each.argument.equals(argument))
            .findFirst();
    found.ifPresent(each -> unused.remove(each.marked));
    return found.map(each -> (value, settled) -> each.complete(value));
  }

  /// One that nobody could ask for is a mistake of its author.
  void requireAllUsed() {
    if (!unused.isEmpty()) {
      var first = unused.getFirst();
      throw first.refused(
          "completes an argument of "
              + first.marks().text("value").orElse("")
              + ", of which there is no such prompt or template");
    }
  }
}
