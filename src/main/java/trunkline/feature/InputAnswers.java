package trunkline.feature;

import java.util.IdentityHashMap;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The answers to questions that were asked at once.
public final class InputAnswers {
  private final IdentityHashMap<InputRequest<?>, JsonNode> answers = new IdentityHashMap<>();

  /// @param answers in the order of the questions
  InputAnswers(List<InputRequest<?>> asked, List<JsonNode> answers) {
    for (int index = 0; index < asked.size(); index++) {
      this.answers.put(asked.get(index), answers.get(index));
    }
  }

  /// The answer to this question.
  ///
  /// @throws IllegalArgumentException when it was not among those asked
  /// @throws ClientRequestFailed when the answer does not have the requested form
  public <T> T get(InputRequest<T> asked) {
    var answer = answers.get(asked);
    if (answer == null) {
      throw new IllegalArgumentException("not one of the questions that were asked");
    }
    return asked.read(answer);
  }
}
