package trunkline.adapter.annotated;

import java.util.Locale;
import java.util.stream.Stream;
import trunkline.feature.Annotations;
import trunkline.feature.Resource;
import trunkline.feature.ResourceBuilder;
import trunkline.feature.ResourceTemplate;
import trunkline.feature.Role;

/// A method as a resource or a template. A template's variables are its parameters.
final class ResourceMethod {
  private ResourceMethod() {}

  static Resource resource(Marked marked) {
    var call = Call.of(marked);
    if (!call.arguments().isEmpty()) {
      throw marked.refused(
          "has the parameter "
              + call.arguments().getFirst().name()
              + ", but a resource has one fixed address: make it a @ResourceTemplate");
    }
    var resource = Resource.at(marked.marks().text("uri").orElseThrow());
    if (marked.marks().find("size").orElse(-1) instanceof Integer size && size >= 0) {
      resource.size(size);
    }
    return described(resource, marked, call);
  }

  static ResourceTemplate template(Marked marked, Completions completions) {
    var call = Call.of(marked);
    var pattern = marked.marks().text("uriTemplate").orElseThrow();
    var template = ResourceTemplate.matching(pattern);
    for (var argument : call.arguments()) {
      PromptMethod.requireText(marked, argument);
      completions
          .find(Vocabulary.Role.COMPLETE_TEMPLATE, marked.name(), argument.name())
          .ifPresent(completer -> template.completes(argument.name(), completer));
    }
    var made = described(template, marked, call);
    for (var argument : call.arguments()) {
      if (!made.template().variables().contains(argument.name())) {
        throw marked.refused(
            "has the parameter " + argument.name() + ", which is not in " + pattern);
      }
    }
    return made;
  }

  private static <F> F described(ResourceBuilder<F> resource, Marked marked, Call call) {
    var marks = marked.marks();
    resource.name(marked.name());
    marks.text("title").ifPresent(resource::title);
    marks.text("description").ifPresent(resource::description);
    marks.text("mimeType").ifPresent(resource::mimeType);
    if (marks.isSaid("annotations")) {
      resource.annotations(annotations(marks.within("annotations")));
    }
    var mimeType = marks.text("mimeType").orElse(null);
    return resource.contents((request, context) ->
        Answers.resources(
            call.run(PromptMethod.values(call, request.variables()), context, request),
            request.uri(),
            mimeType));
  }

  private static Annotations annotations(Marks marks) {
    var priority = marks.find("priority").map(Double.class::cast).filter(value -> value >= 0);
    return new Annotations(
        Stream.of((Object[]) marks.find("audience").orElse(new Object[0]))
            .map(role -> Role.valueOf(role.toString().toUpperCase(Locale.ROOT)))
            .toList(),
        priority.orElse(null),
        marks.text("lastModified").orElse(null));
  }
}
