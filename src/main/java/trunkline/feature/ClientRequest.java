package trunkline.feature;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A question to the client. Without its own patience the server's policy applies.
///
/// @param patience the limit of the waiting
/// @param progress called with each report; null: the client is not asked
/// @param atMost null: progress does not prolong the waiting
public record ClientRequest(
    String method,
    ObjectNode params,
    Set<ClientCapability> needs,
    @Nullable Duration patience,
    @Nullable Consumer<ClientProgress> progress,
    @Nullable Duration atMost) {
  public ClientRequest {
    needs = Set.copyOf(needs);
  }

  public ClientRequest(String method, ObjectNode params, ClientCapability... needs) {
    this(method, params, Set.of(needs), null, null, null);
  }

  public ClientRequest withPatience(Duration limit) {
    return new ClientRequest(method, params, needs, limit, progress, atMost);
  }

  /// Asks the client to report progress, to whichever instance. The listener runs on the thread
  /// that asks, which waits for the answer meanwhile; of reports that come faster than it works it
  /// gets the newest. Its exception ends the waiting. The question of a task is answered without
  /// reports.
  public ClientRequest onProgress(Consumer<ClientProgress> listener) {
    return new ClientRequest(method, params, needs, patience, listener, atMost);
  }

  /// As [#onProgress], and each report starts the patience anew.
  ///
  /// @param most the limit of the waiting, whatever the client reports
  public ClientRequest onProgress(Consumer<ClientProgress> listener, Duration most) {
    return new ClientRequest(method, params, needs, patience, listener, most);
  }
}
