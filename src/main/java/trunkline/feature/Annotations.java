package trunkline.feature;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Advice for the client: whom the content is for, how much it matters from 0 to 1, and when it
/// changed (ISO 8601).
public record Annotations(
    List<Role> audience, @Nullable Double priority, @Nullable String lastModified) {
  public static final Annotations NONE = new Annotations(List.of(), null, null);

  public Annotations {
    audience = List.copyOf(audience);
    if (priority != null && !(priority >= 0 && priority <= 1)) {
      throw new IllegalArgumentException("priority " + priority + ", expected 0 to 1");
    }
  }

  /// For these, of the user and the model.
  public static Annotations forAudience(Role... audience) {
    return NONE.withAudience(audience);
  }

  public Annotations withAudience(Role... audience) {
    return new Annotations(List.of(audience), priority, lastModified);
  }

  /// From 0, which can be left out, to 1, which is needed.
  public Annotations withPriority(double priority) {
    return new Annotations(audience, priority, lastModified);
  }

  public Annotations withLastModified(Instant lastModified) {
    return new Annotations(audience, priority, lastModified.toString());
  }

  public ObjectNode json() {
    var json = Codec.object();
    if (!audience.isEmpty()) {
      var roles = json.putArray("audience");
      audience.forEach(role -> roles.add(role.json()));
    }
    if (priority != null) {
      json.put("priority", priority);
    }
    if (lastModified != null) {
      json.put("lastModified", lastModified);
    }
    return json;
  }

  void addTo(ObjectNode json) {
    var own = json();
    if (!own.isEmpty()) {
      json.set("annotations", own);
    }
  }
}
