package trunkline.access;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// What is said to clients that did not get in: the values of `WWW-Authenticate` (RFC 6750, section
/// 3), and where they can read more.
public interface Challenges {
  /// Of a server whose tokens are given out by hand.
  Challenges PLAIN =
      new Challenges() {
        @Override
        public String missing() {
          return "Bearer";
        }

        @Override
        public String invalid(String reason) {
          return "Bearer error=\"invalid_token\"";
        }

        @Override
        public String insufficient(List<String> scopes) {
          return "Bearer error=\"insufficient_scope\", scope=\"" + String.join(" ", scopes) + "\"";
        }

        @Override
        public Map<String, ObjectNode> documents() {
          return Map.of();
        }
      };

  /// To a request without a token.
  String missing();

  /// To a request with a token that is not taken.
  String invalid(String reason);

  /// To a request whose token is taken and allows too little.
  ///
  /// @param scopes all that the request needs
  String insufficient(List<String> scopes);

  /// What everybody may read about how to get in, by the path where it is served.
  Map<String, ObjectNode> documents();
}
