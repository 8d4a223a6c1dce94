package trunkline.feature;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.Message.Notification;

/// A request without a server: answers as the test has written them down, and remembers what was
/// asked and told.
public class ScriptedContext implements RequestContext, ServerHandle, SessionValues {
  public final Deque<JsonNode> answers = new ArrayDeque<>();
  public final List<ClientRequest> asked = new ArrayList<>();
  public final List<String> told = new ArrayList<>();
  public final Set<ClientCapability> capabilities = EnumSet.allOf(ClientCapability.class);
  public final Map<String, JsonNode> values = new HashMap<>();
  public final Set<String> sessions = Set.of("here", "there");
  public final Set<String> completed = new HashSet<>();
  public boolean cancelled;

  public ScriptedContext answering(String... json) {
    for (var answer : json) {
      answers.add(Codec.tree(answer));
    }
    return this;
  }

  @Override
  public List<JsonNode> askAll(List<ClientRequest> requests) {
    for (var request : requests) {
      for (var need : request.needs()) {
        if (!supports(need)) {
          throw new CapabilityMissing(need);
        }
      }
    }
    asked.addAll(requests);
    return requests.stream().map(_ -> answers.remove()).toList();
  }

  @Override
  public ElicitResult<UrlElicitation> elicit(UrlElicitationRequest request) {
    var question =
        new ClientRequest("elicitation/create", request.json(), ClientCapability.ELICITATION_URL);
    return ElicitResult.read(ask(question), _ -> urlElicitation(request.id()));
  }

  @Override
  public UrlElicitation urlElicitation(String id) {
    return new UrlElicitation() {
      @Override
      public String id() {
        return id;
      }

      @Override
      public boolean isCompleted() {
        return completed.contains(id);
      }

      @Override
      public boolean awaitCompleted(Duration patience) {
        return isCompleted();
      }
    };
  }

  @Override
  public boolean completeElicitation(String elicitationId, String principal) {
    return completed.add(elicitationId);
  }

  @Override
  public boolean supports(ClientCapability capability) {
    return capabilities.contains(capability);
  }

  @Override
  public void progress(double progress, @Nullable Double total, @Nullable String message) {
    told.add("progress " + progress + "/" + total);
  }

  @Override
  public void log(LogLevel level, @Nullable String logger, JsonNode data) {
    told.add(level.text() + " " + data.asString());
  }

  @Override
  public <X extends Exception> JsonNode once(String name, Action<? extends JsonNode, X> step)
      throws X {
    told.add("once " + name);
    return step.perform();
  }

  @Override
  public void continueAsTask() {
    told.add("may go on as a task");
  }

  @Override
  public SessionValues values() {
    return this;
  }

  @Override
  public Optional<String> sessionId() {
    return Optional.of("here");
  }

  @Override
  public String principal() {
    return "anonymous";
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public ServerHandle server() {
    return this;
  }

  @Override
  public void releaseConnection() {
    told.add("released");
  }

  @Override
  public SendOutcome send(String sessionId, Notification notification) {
    if (!sessions.contains(sessionId)) {
      return new SendOutcome.SessionGone(sessionId);
    }
    told.add("to " + sessionId + " " + notification.method());
    return new SendOutcome.Sent();
  }

  @Override
  public void broadcast(Notification notification) {
    told.add("to all " + notification.method());
  }

  @Override
  public void resourceUpdated(String uri) {
    told.add("updated " + uri);
  }

  @Override
  public void setEnabled(FeatureKind kind, String key, boolean enabled) {
    told.add(kind + " " + key + " " + enabled);
  }

  @Override
  public void setEnabled(FeatureKind kind, String key, boolean enabled, String principal) {
    told.add(kind + " " + key + " " + enabled + " for " + principal);
  }

  @Override
  public void resetEnabled(FeatureKind kind, String key, String principal) {
    told.add(kind + " " + key + " as for all, for " + principal);
  }

  @Override
  public boolean end(String sessionId) {
    return sessions.contains(sessionId);
  }

  @Override
  public Optional<JsonNode> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  @Override
  public void put(String name, JsonNode value) {
    values.put(name, value);
  }

  @Override
  public boolean remove(String name) {
    return values.remove(name) != null;
  }
}
