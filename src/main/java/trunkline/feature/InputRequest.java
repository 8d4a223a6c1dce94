package trunkline.feature;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A question to the client together with how its answer is read, so that several can be asked at
/// once:
///
/// ```java
/// var guest = InputRequest.form("Who are you?", Guest.class);
/// var motto = InputRequest.sampling(SamplingRequest.of("A motto, please", 50));
/// var told = context.askAll(guest, motto);
/// var name = told.get(guest).accepted();
/// ```
///
/// @param <T> what is made of the answer
public final class InputRequest<T> {
  private final ClientRequest question;
  private final Function<JsonNode, T> reader;

  InputRequest(ClientRequest question, Function<JsonNode, T> reader) {
    this.question = question;
    this.reader = reader;
  }

  /// A form made from a flat record, see [RequestContext#elicit(String, Class)].
  public static <T extends Record> InputRequest<ElicitResult<T>> form(
      String message, Class<T> form) {
    return Elicitation.request(message, form);
  }

  /// A form given as a flat JSON schema.
  public static InputRequest<ElicitResult<ObjectNode>> form(
      String message, ObjectNode requestedSchema) {
    return Elicitation.request(message, requestedSchema);
  }

  /// A question to the client's model.
  public static InputRequest<SamplingResult> sampling(SamplingRequest request) {
    return Sampling.request(request);
  }

  /// The places that the server may work in; the client is asked each time.
  public static InputRequest<List<Root>> roots() {
    return Roots.request();
  }

  /// The same under a name, see [ClientRequest#named(String)].
  public InputRequest<T> named(String name) {
    return with(asked -> asked.named(name));
  }

  /// The same with another patience or a listener of its progress.
  public InputRequest<T> with(UnaryOperator<ClientRequest> change) {
    return new InputRequest<>(change.apply(question), reader);
  }

  ClientRequest question() {
    return question;
  }

  T read(JsonNode answer) {
    return reader.apply(answer);
  }
}
