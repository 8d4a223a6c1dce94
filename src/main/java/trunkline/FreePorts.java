package trunkline;

import java.util.function.Function;
import trunkline.config.ServerConfig;
import trunkline.http.PortTaken;

/// Serves on a free port where any will do. Between its being found and its being listened on lies
/// a start: whoever takes it meanwhile costs another start and does not keep the server from
/// serving.
final class FreePorts {
  private static final int TRIES = 3;

  private FreePorts() {}

  /// @param start with the ports themselves, where 0 was to be a free one
  /// @throws PortTaken when a port that was asked for is in use, before anything starts
  static Server serve(ServerConfig config, Function<ServerConfig, Server> start) {
    for (var left = TRIES; ; left--) {
      var listening = config.found();
      try {
        return start.apply(listening);
      } catch (PortTaken e) {
        if (!config.http().takesAnyPort() || left == 1) {
          throw e;
        }
      }
    }
  }
}
