package trunkline.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Pages for people, at a path beside MCP. Whoever comes has a `Host` that is served here, and an
/// `Origin`, if any, that may use this server; who it is, the pages ask themselves.
@FunctionalInterface
public interface Pages {
  /// Answers.
  ///
  /// @throws trunkline.store.DatabaseFailure when what is to be shown cannot be read: 503
  Page page(Visit visit) throws InterruptedException;

  /// Whether they are there for browsers alone, which read and ask for `text/html` by name.
  /// Whatever else comes finds nothing at their path.
  default boolean isForBrowsersAlone() {
    return false;
  }

  /// Lets go of what they keep from one page to the next; whoever still asks is answered.
  default void close() {}

  /// A request.
  ///
  /// @param query the first value of each parameter
  /// @param headers the values of a header
  /// @param peer the other end of the connection
  /// @param form what was sent, of a POST; the first value of each field
  record Visit(
      String method,
      String path,
      Map<String, String> query,
      Function<String, List<String>> headers,
      InetAddress peer,
      Map<String, String> form) {}

  /// An answer.
  ///
  /// @param headers besides the type and what guards every page
  record Page(int status, String type, Map<String, String> headers, byte[] body) {}
}
