package trunkline.protocol.run;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Root;
import trunkline.jsonrpc.Codec;
import trunkline.session.Session;
import trunkline.session.SessionRoots;
import trunkline.session.Sessions;

/// The roots of a client that promised to report changes, kept until it does. Others are asked each
/// time.
final class RootsCache {
  private final Session session;
  private final SessionRoots memory;

  /// The version that [#find] saw. It is read before the client is asked: a change in between makes
  /// its answer stale, and nothing is kept.
  private Optional<Integer> version = Optional.empty();

  RootsCache(Session session, Sessions sessions) {
    this.session = session;
    this.memory = sessions.roots(session.key());
  }

  /// Whether the client promised to.
  private boolean areAnnounced() {
    return session.clientCapabilities().path("roots").path("listChanged").asBoolean(false);
  }

  /// The kept roots; when empty, the client must be asked.
  Optional<List<Root>> find() {
    if (!areAnnounced()) {
      return Optional.empty();
    }
    var known = memory.find();
    version = known.map(SessionRoots.Known::version);
    return known
        .flatMap(SessionRoots.Known::roots)
        .map(kept -> Codec.tree(kept).valueStream().map(RootsCache::root).toList());
  }

  /// Keeps what the client answered after [#find].
  List<Root> keep(List<Root> roots) {
    version.ifPresent(seen -> memory.keep(seen, text(roots)));
    return roots;
  }

  /// Forgets roots that changed.
  void forget() {
    if (areAnnounced()) {
      memory.changed();
    }
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
