package trunkline.feature;

import java.util.List;
import java.util.Map;

/// Writes a prompt.
@FunctionalInterface
public interface PromptHandler {
  /// The messages to begin with; may block.
  ///
  /// @param arguments the client's; required ones are there
  List<PromptMessage> write(Map<String, String> arguments, RequestContext context) throws Exception;
}
