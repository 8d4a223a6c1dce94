package trunkline.session;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.LogLevel;

/// One client's conversation as it was when it was looked up. A snapshot: nothing here changes, the
/// next request reads again.
///
/// @param revision the MCP revision agreed on, for instance `2025-11-25`
/// @param clientCapabilities what the client declared; only that may be asked for
/// @param chosenLogLevel null when the client has not chosen
/// @param standaloneStream the one stream of the session that belongs to no call
/// @param announcedFrom announcements at or below are older than the session
/// @param toolset the part of the catalog that it was opened with; empty: the whole
public record Session(
    SessionKey key,
    SessionId id,
    String revision,
    Principal principal,
    ObjectNode clientCapabilities,
    ObjectNode clientInfo,
    @Nullable LogLevel chosenLogLevel,
    StreamId standaloneStream,
    long announcedFrom,
    String toolset) {

  /// The level below which the client wants no log messages, if it said so.
  public Optional<LogLevel> logLevel() {
    return Optional.ofNullable(chosenLogLevel);
  }
}
