package trunkline.feature;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A question to the client. Without its own patience the server's policy applies.
///
/// @param name null: it has none
/// @param patience the limit of the waiting
/// @param progress called with each report; null: the client is not asked
/// @param atMost null: progress does not prolong the waiting
public record ClientRequest(
    String method,
    ObjectNode params,
    Set<ClientCapability> needs,
    @Nullable String name,
    @Nullable Duration patience,
    @Nullable Consumer<ClientProgress> progress,
    @Nullable Duration atMost) {
  public ClientRequest {
    needs = Set.copyOf(needs);
  }

  public ClientRequest(String method, ObjectNode params, ClientCapability... needs) {
    this(method, params, Set.of(needs), null, null, null, null);
  }

  /// Names it, uniquely among the questions of its request: clients of the stateless era know it by
  /// that, and a handler that is run again finds its answer by it. Without a name its place among
  /// the questions does.
  public ClientRequest named(String name) {
    return new ClientRequest(method, params, needs, name, patience, progress, atMost);
  }

  public ClientRequest withPatience(Duration limit) {
    return new ClientRequest(method, params, needs, name, limit, progress, atMost);
  }

  /// Asks the client to report progress, to whichever instance. The listener runs on the thread
  /// that asks, which waits for the answer meanwhile; of reports that come faster than it works it
  /// gets the newest. Its exception ends the waiting. The question of a task is answered without
  /// reports.
  public ClientRequest onProgress(Consumer<ClientProgress> listener) {
    return new ClientRequest(method, params, needs, name, patience, listener, atMost);
  }

  /// As [#onProgress], and each report starts the patience anew.
  ///
  /// @param most the limit of the waiting, whatever the client reports
  public ClientRequest onProgress(Consumer<ClientProgress> listener, Duration most) {
    return new ClientRequest(method, params, needs, name, patience, listener, most);
  }
}
