package trunkline.protocol;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Root;
import trunkline.jsonrpc.Codec;
import trunkline.session.Session;
import trunkline.session.SessionRoots;

/// Spares a client that says when its roots change from being asked for them again and again.
final class RootsCache {
  private RootsCache() {}

  /// Whether the client promised to say so.
  static boolean areAnnounced(Session session) {
    return session.clientCapabilities().path("roots").path("listChanged").asBoolean(false);
  }

  /// The version is read before the client is asked: a change in between makes what it then answers
  /// stale, and nothing is kept.
  static List<Root> of(SessionRoots memory, Supplier<List<Root>> asking) {
    var known = memory.find();
    var kept = known.flatMap(SessionRoots.Known::roots);
    if (kept.isPresent()) {
      return Codec.tree(kept.get()).valueStream().map(RootsCache::root).toList();
    }
    var roots = asking.get();
    known.ifPresent(before -> memory.keep(before.version(), text(roots)));
    return roots;
  }

  private static Root root(JsonNode json) {
    return new Root(json.path("uri").asString(), name(json.path("name")));
  }

  private static @Nullable String name(JsonNode json) {
    return json.isString() ? json.stringValue() : null;
  }

  private static String text(List<Root> roots) {
    var array = Codec.array();
    for (var root : roots) {
      var json = array.addObject().put("uri", root.uri());
      if (root.name() != null) {
        json.put("name", root.name());
      }
    }
    return Codec.text(array);
  }
}
