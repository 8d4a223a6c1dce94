package trunkline.protocol.listen;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.wire.Envelope;
import trunkline.protocol.wire.Params;
import trunkline.protocol.wire.TasksExtension;
import trunkline.task.TaskId;

/// What a client wants to hear of, as far as this server can tell it: what was not declared as a
/// capability, and what it does not know, is left out, and the acknowledgement says what is left.
///
/// A resource counts as known whether it is switched on or not: it may be switched while somebody
/// listens. URIs are compared as they are written.
///
/// @param hints in the order in which they were asked for
public record Filter(Set<Hint> hints) {
  static final int URIS_MAX = 1_000;

  /// Of all together, in UTF-8.
  static final int URI_BYTES_MAX = 64 * 1024;

  private static final String TASKS = "taskIds";
  private static final String SUBSCRIPTIONS = "resourceSubscriptions";

  /// What one of them costs besides its text: the hint, its entry, and its place in the index.
  private static final long HINT_BYTES = 400;

  public Filter {
    hints = Collections.unmodifiableSet(new LinkedHashSet<>(hints));
  }

  /// Reads the params of `subscriptions/listen`.
  ///
  /// @param capabilities as they are declared to this client
  /// @param resources whether there is a resource of this URI
  /// @param tasks of the client, as far as they are there
  /// @throws RpcException when it is malformed, too long, or needs an extension that the client did
  ///   not declare
  public static Filter read(
      ObjectNode params,
      Envelope envelope,
      ObjectNode capabilities,
      Predicate<String> resources,
      ClientTasks tasks)
      throws InterruptedException {
    var wanted = new Params(params).required("notifications");
    var ids = texts(wanted, TASKS);
    if (wanted.json().hasNonNull(TASKS)) {
      envelope.require(TasksExtension.NAME);
    }
    var hints = new LinkedHashSet<Hint>();
    for (var list : ChangedList.values()) {
      if (flag(wanted, list.member())
          && capabilities.path(list.capability()).path("listChanged").asBoolean(false)) {
        hints.add(new Hint.ListChanged(list));
      }
    }
    var uris = texts(wanted, SUBSCRIPTIONS);
    if (capabilities.path("resources").path("subscribe").asBoolean(false)) {
      uris.stream().filter(resources).map(Hint.ResourceUpdated::new).forEach(hints::add);
    }
    var known = ids.stream().flatMap(id -> TaskId.parse(id).stream()).toList();
    if (!known.isEmpty()) {
      tasks.keys(known).forEach((id, key) -> hints.add(new Hint.TaskChanged(key, id)));
    }
    return new Filter(hints);
  }

  private static boolean flag(Params wanted, String name) {
    var value = wanted.json().path(name);
    if (value.isMissingNode() || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw RpcException.invalidParams(wanted.path() + "." + name + " must be a boolean");
    }
    return value.booleanValue();
  }

  private static List<String> texts(Params wanted, String name) {
    var value = wanted.json().path(name);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!(value instanceof ArrayNode array) || !array.valueStream().allMatch(JsonNode::isString)) {
      throw RpcException.invalidParams(wanted.path() + "." + name + " must be an array of strings");
    }
    var texts = new ArrayList<String>();
    array.valueStream().map(JsonNode::stringValue).forEach(texts::add);
    if (texts.size() > URIS_MAX || bytes(texts) > URI_BYTES_MAX) {
      throw RpcException.invalidParams(
          "%s.%s may have %d entries of %d bytes together; listen on several streams for more"
              .formatted(wanted.path(), name, URIS_MAX, URI_BYTES_MAX));
    }
    return texts;
  }

  private static long bytes(List<String> texts) {
    return texts.stream().mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length).sum();
  }

  /// What is told without being asked, as soon as the stream has begun: how tasks stand, which may
  /// have changed since they were looked for.
  Set<Hint> first() {
    var first = new LinkedHashSet<Hint>();
    hints.stream().filter(Hint.TaskChanged.class::isInstance).forEach(first::add);
    return first;
  }

  /// About what it holds of the heap as long as the stream lasts.
  long weight() {
    var bytes = 0L;
    for (var hint : hints) {
      bytes +=
          switch (hint) {
            case Hint.ListChanged _ -> HINT_BYTES;
            case Hint.ResourceUpdated(var uri) -> HINT_BYTES + 2L * uri.length();
            case Hint.TaskChanged _ -> 2 * HINT_BYTES;
          };
    }
    return bytes;
  }

  /// For the acknowledgement, in the words of the request.
  ObjectNode json() {
    var json = Codec.object();
    for (var hint : hints) {
      switch (hint) {
        case Hint.ListChanged(var list) -> json.put(list.member(), true);
        case Hint.ResourceUpdated(var uri) -> json.withArray(SUBSCRIPTIONS).add(uri);
        case Hint.TaskChanged(var _, var id) -> json.withArray(TASKS).add(id.value());
      }
    }
    return json;
  }
}
