package trunkline.protocol.run;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.announcement.Announcements;
import trunkline.exchange.UrlElicitations;
import trunkline.feature.FeatureKind;
import trunkline.feature.SendOutcome;
import trunkline.feature.ServerHandle;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.session.EndReason;
import trunkline.session.Session;
import trunkline.session.SessionId;
import trunkline.session.Sessions;
import trunkline.store.Database;
import trunkline.stream.Published;
import trunkline.stream.Streams;

/// The cluster in the hands of a program or a tool. Not bound to a principal: its holder is the
/// server.
public final class ClusterHandle implements ServerHandle {
  private final Sessions sessions;
  private final Streams streams;
  private final Announcements announcements;
  private final UrlElicitations elicitations;
  private final Switching switching;

  /// Turns features on and off; belongs to the switches' owner.
  @FunctionalInterface
  public interface Switching {
    /// Switches one feature.
    ///
    /// @param enabled null: as for everybody
    /// @param principal null: for everybody
    void setEnabled(
        FeatureKind kind, String key, @Nullable Boolean enabled, @Nullable String principal);
  }

  public ClusterHandle(
      Sessions sessions,
      Streams streams,
      Announcements announcements,
      UrlElicitations elicitations,
      Switching switching) {
    this.sessions = sessions;
    this.streams = streams;
    this.announcements = announcements;
    this.elicitations = elicitations;
    this.switching = switching;
  }

  @Override
  public SendOutcome send(String sessionId, Message.Notification notification) {
    var session = find(sessionId);
    if (session.isPresent()) {
      var standalone = session.get().standaloneStream();
      if (Database.await(streams.send(standalone, Codec.encode(notification)))
          instanceof Published.Stored) {
        return new SendOutcome.Sent();
      }
    }
    return new SendOutcome.SessionGone(sessionId);
  }

  @Override
  public void broadcast(Message.Notification notification) {
    streams.requireFits(Codec.encode(notification));
    Database.await(announcements.broadcast(notification));
  }

  @Override
  public void resourceUpdated(String uri) {
    Database.await(announcements.resourceUpdated(uri));
  }

  @Override
  public void setEnabled(FeatureKind kind, String key, boolean enabled) {
    switching.setEnabled(kind, key, enabled, null);
  }

  @Override
  public void setEnabled(FeatureKind kind, String key, boolean enabled, String principal) {
    switching.setEnabled(kind, key, enabled, principal);
  }

  @Override
  public void resetEnabled(FeatureKind kind, String key, String principal) {
    switching.setEnabled(kind, key, null, principal);
  }

  @Override
  public boolean completeElicitation(String elicitationId, String principal) {
    return elicitations.complete(elicitationId, principal);
  }

  @Override
  public boolean end(String sessionId) {
    return find(sessionId)
        .map(session -> sessions.end(session.key(), EndReason.SERVER))
        .orElse(false);
  }

  private Optional<Session> find(String sessionId) {
    return SessionId.parse(sessionId).flatMap(sessions::find);
  }
}
