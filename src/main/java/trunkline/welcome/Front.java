package trunkline.welcome;

import java.util.List;
import java.util.Optional;
import trunkline.welcome.Welcome.Admission;

/// What the page says.
///
/// @param title of the server
/// @param about what else it says of itself; empty where credentials are needed
/// @param website where people read more
/// @param url of MCP
/// @param ways how to connect
public record Front(
    String title,
    Optional<About> about,
    Optional<String> website,
    String url,
    Admission admission,
    List<ShownTool> tools,
    List<Named> prompts,
    List<Named> resources,
    List<Way> ways) {

  /// The server, as it tells its clients.
  ///
  /// @param description empty when there is none
  public record About(String name, String version, String description) {}
}
