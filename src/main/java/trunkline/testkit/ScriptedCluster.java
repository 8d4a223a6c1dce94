package trunkline.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import trunkline.feature.FeatureKind;
import trunkline.feature.SendOutcome;
import trunkline.feature.ServerHandle;
import trunkline.jsonrpc.Message.Notification;

/// A cluster that remembers what it was told. Every session lives until it is ended.
final class ScriptedCluster implements ServerHandle {
  private final List<Sent> sent = new CopyOnWriteArrayList<>();
  private final List<String> updated = new CopyOnWriteArrayList<>();
  private final Map<String, Boolean> switched = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Boolean>> own = new ConcurrentHashMap<>();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final Set<String> completed;

  /// @param completed the pages where a user is done
  ScriptedCluster(Set<String> completed) {
    this.completed = completed;
  }

  List<Sent> sent() {
    return List.copyOf(sent);
  }

  List<String> updated() {
    return List.copyOf(updated);
  }

  Map<String, Boolean> switched() {
    return new LinkedHashMap<>(switched);
  }

  Map<String, Boolean> switchedFor(String principal) {
    return own.computeIfAbsent(principal, _ -> new ConcurrentHashMap<>());
  }

  @Override
  public SendOutcome send(String sessionId, Notification notification) {
    if (ended.contains(sessionId)) {
      return new SendOutcome.SessionGone(sessionId);
    }
    sent.add(new Sent(Optional.of(sessionId), notification));
    return new SendOutcome.Sent();
  }

  @Override
  public void broadcast(Notification notification) {
    sent.add(new Sent(Optional.empty(), notification));
  }

  @Override
  public void resourceUpdated(String uri) {
    updated.add(uri);
  }

  @Override
  public void setEnabled(FeatureKind kind, String key, boolean enabled) {
    switched.put(key, enabled);
  }

  @Override
  public void setEnabled(FeatureKind kind, String key, boolean enabled, String principal) {
    switchedFor(principal).put(key, enabled);
  }

  @Override
  public void resetEnabled(FeatureKind kind, String key, String principal) {
    switchedFor(principal).remove(key);
  }

  @Override
  public boolean completeElicitation(String elicitationId, String principal) {
    return completed.add(elicitationId);
  }

  @Override
  public boolean end(String sessionId) {
    return ended.add(sessionId);
  }
}
