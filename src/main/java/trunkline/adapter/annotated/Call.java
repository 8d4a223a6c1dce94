package trunkline.adapter.annotated;

import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trunkline.feature.RequestContext;
import trunkline.feature.ResourceRequest;

/// Puts a method's arguments together: the client's in their order, ours between them.
record Call(Marked marked, List<Argument> arguments) {
  static Call of(Marked marked) {
    return new Call(
        marked,
        marked.parameters().stream()
            .filter(parameter -> !Injected.isOurs(parameter.getType()))
            .map(parameter -> Argument.of(marked, parameter))
            .toList());
  }

  /// @param values the client's
  /// @param request null: it is no resource's
  @Nullable Object run(
      List<@Nullable Object> values,
      @Nullable RequestContext context,
      @Nullable ResourceRequest request)
      throws Exception {
    var all = new ArrayList<@Nullable Object>();
    Iterator<@Nullable Object> given = values.iterator();
    for (Parameter parameter : marked.parameters()) {
      if (parameter.getType() == RequestContext.class) {
        all.add(context);
      } else if (parameter.getType() == ResourceRequest.class) {
        all.add(request);
      } else {
        all.add(given.next());
      }
    }
    return marked.call(all.toArray());
  }
}
