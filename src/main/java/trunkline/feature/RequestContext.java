package trunkline.feature;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;

/// A handler's means while it serves one request. Valid until the request ends and safe to use from
/// the handler's own threads.
///
/// Everything that waits throws `CancellationException` when the request is cancelled.
public interface RequestContext {
  /// Steps of one request that are done once.
  int STEPS_MAX = 64;

  /// Characters of a step's name.
  int STEP_NAME_LENGTH_MAX = 128;

  /// Bytes of JSON that are remembered of a step.
  int STEP_BYTES_MAX = 65_536;

  /// Asks the client several things at once and waits for all answers, which may arrive at any
  /// instance. In the stateless era the handler ends here and is run again from its beginning when
  /// the client comes back with the answers: it has to ask the same then, in the same words.
  ///
  /// @return the answers, in the order of the questions
  /// @throws CapabilityMissing when the client did not declare what a question needs; nothing is
  ///   asked then
  /// @throws ClientRequestFailed when one has no answer: too late, refused, session ended
  /// @throws CancellationException when this request is cancelled meanwhile, or ends here
  List<JsonNode> askAll(List<ClientRequest> requests);

  /// Asks the user to open a web page: to sign in somewhere, to pay, to enter a secret that must
  /// not pass through the client. Accepted means that the user agreed to open it, no more; the
  /// handle waits until the user is done there.
  ///
  /// @throws CapabilityMissing when the client did not declare that it opens web pages
  /// @throws ClientRequestFailed when there is no answer: too late, refused, session ended
  /// @throws CancellationException when this request is cancelled meanwhile
  ElicitResult<UrlElicitation> elicit(UrlElicitationRequest request);

  /// A web page that this principal was asked to open before, in whichever session, by [#elicitUrl]
  /// or by [UrlElicitationRequired]; an unknown one is never completed.
  UrlElicitation urlElicitation(String id);

  /// Whether the client declared this.
  boolean supports(ClientCapability capability);

  /// Reports progress to the client, if it asked for that; a report that does not increase is
  /// dropped.
  void progress(double progress, @Nullable Double total, @Nullable String message);

  /// Sends the client a log message, if its level lets it through.
  void log(LogLevel level, @Nullable String logger, JsonNode data);

  /// Does a step once, however often the handler is run, and gives what it gave: a handler whose
  /// instance is lost may be run again elsewhere ([Tool#retryable()]), and must not pay twice.
  ///
  /// ```java
  /// var order = context.once("order", String.class, () -> UUID.randomUUID().toString());
  /// var receipt = context.once("pay", Receipt.class, () -> bank.pay(order, amount));
  /// ```
  ///
  /// What the step gave is committed when this returns; a call whose tool may run again becomes a
  /// stream before it. In the stateless era it is kept with the answers to the handler's questions,
  /// sealed, at the client: as long as that one goes on with its request. A step that throws is not
  /// remembered. One whose instance dies after it has done its work and before that is committed is
  /// done again, as it would be anywhere; where that matters, do as above: remember a key first and
  /// hand that to the other side, which then knows the repetition.
  ///
  /// @param name of the step, in this request; 1 to [#STEP_NAME_LENGTH_MAX] characters. Asked for
  ///   again, by whichever thread, it gives the same
  /// @param step gives at most [#STEP_BYTES_MAX] bytes of JSON
  /// @throws IllegalArgumentException for a name, or what a step gave, that is too long
  /// @throws IllegalStateException for the step after the [#STEPS_MAX]th, or one that waits for
  ///   itself
  /// @throws ClientRequestFailed when the session has ended; the step was not done
  /// @throws CancellationException when this request is cancelled or another instance runs it
  <X extends Exception> JsonNode once(String name, Action<? extends JsonNode, X> step) throws X;

  /// From here on the call may go on as a task. Where its client can have tasks of the server's
  /// choice (2026-07-28) and its tool is [TaskSupport#LATER], the client gets the task's id now,
  /// the handler ends here and is run again from its beginning, as that task: what was asked is
  /// answered at once, and what was done once is not done again. Elsewhere, and in the task itself,
  /// this does nothing.
  ///
  /// ```java
  /// var guest = context.elicit("Who are you?", Guest.class);   // while the client waits
  /// context.continueAsTask();                                  // it need not wait for this:
  /// return bake(guest);
  /// ```
  ///
  /// @throws CancellationException when this run ends here
  void continueAsTask();

  /// This request in its trace, as W3C's Trace Context writes it, for whatever a handler calls with
  /// a client that is not instrumented. Without tracing it is what the client sent in `_meta`, if
  /// it did. OpenTelemetry's `Span.current()` is the same on the handler's own thread.
  default Optional<String> traceparent() {
    return Optional.empty();
  }

  /// The session's memory. In the stateless era, which has no sessions, it is empty, and what would
  /// be put into it is a [ClientRequestFailed].
  SessionValues values();

  /// The client's session, if the era has them.
  Optional<String> sessionId();

  /// The principal; `anonymous` without authentication.
  String principal();

  /// The principal with what its credentials say of it, see [Principal].
  default Principal identity() {
    return new Principal(principal(), Map.of());
  }

  /// The client's program as it describes itself; empty where it does not, which the stateless era
  /// allows. For display and statistics: it proves nothing.
  default Optional<Implementation> client() {
    return Optional.empty();
  }

  /// The revision of MCP that is spoken with the client, such as `2025-11-25`.
  default String protocolVersion() {
    return "2026-07-28";
  }

  /// `_meta` of the request as its client sent it, such as `traceparent`; empty without one. Must
  /// not be modified.
  default ObjectNode meta() {
    return Codec.object();
  }

  /// A header of the HTTP request, one of those that a catalog ([Catalog.Builder#headers]) or
  /// `--request-headers` names; several of one name are joined by commas. When the request is run
  /// again on another instance, and in a task, it is that of the first run; but `Authorization`,
  /// `Proxy-Authorization` and `Cookie` are never stored, and empty there.
  ///
  /// @throws IllegalArgumentException when nobody named it
  default Optional<String> header(String name) {
    return Optional.empty();
  }

  /// Adds to `_meta` of this request's result, whatever the handler returns; the last value of a
  /// key counts.
  ///
  /// @throws IllegalArgumentException for a key that is not the server's to use, see [Meta]
  default void resultMeta(String key, JsonNode value) {}

  /// Whether the client has withdrawn the request. The thread is interrupted as well.
  boolean isCancelled();

  /// The cluster: messages to other sessions, broadcasts, updates of resources.
  ServerHandle server();

  /// Closes the client's connection, not the call: the client comes back, anywhere, and gets the
  /// rest. Spares long calls a connection; without effect in revisions that lack it.
  void releaseConnection();

  /// Asks the client and waits for the answer, see [#askAll(List)].
  default JsonNode ask(ClientRequest request) {
    return askAll(List.of(request)).getFirst();
  }

  /// Asks the client and waits for the answer, see [#askAll(List)].
  default <T> T ask(InputRequest<T> request) {
    return request.read(ask(request.question()));
  }

  /// Asks the client several things at once, see [#askAll(List)].
  default InputAnswers askAll(InputRequest<?>... requests) {
    var asked = List.of(requests);
    return new InputAnswers(asked, askAll(asked.stream().map(InputRequest::question).toList()));
  }

  /// Does a step once, see [#once(String, Action)].
  ///
  /// @param type of what the step gives: a record, a string, a number, whatever is JSON and back
  default <T, X extends Exception> T once(String name, Class<T> type, Action<? extends T, X> step)
      throws X {
    return Kept.MAPPER.treeToValue(this.<X>once(name, () -> Kept.write(step.perform())), type);
  }

  default void progress(double progress, double total) {
    progress(progress, total, null);
  }

  default void log(LogLevel level, String text) {
    log(level, null, JsonNodeFactory.instance.stringNode(text));
  }

  /// Stops a handler that computes and never waits, once its request is cancelled.
  default void throwIfCancelled() {
    if (isCancelled()) {
      throw new CancellationException("the request was cancelled");
    }
  }

  /// Asks the user to fill in a form, made from a flat record. Clients before 2025-11-25 have no
  /// lists in forms: one with a default is not asked for, a required one is an
  /// [ClientRequestFailed].
  default <T extends Record> ElicitResult<T> elicit(String message, Class<T> form) {
    return ask(InputRequest.form(message, form));
  }

  /// Asks the user to fill in a form given as a flat JSON schema.
  default ElicitResult<ObjectNode> elicit(String message, ObjectNode requestedSchema) {
    return ask(InputRequest.form(message, requestedSchema));
  }

  /// Asks the user to open a web page, see [#elicit(UrlElicitationRequest)].
  ///
  /// @param page makes the page's address of the elicitation's id, which the page has to know;
  ///   absolute and https, or http on loopback
  default ElicitResult<UrlElicitation> elicitUrl(String message, Function<String, URI> page) {
    return elicit(UrlElicitationRequest.of(message, page));
  }

  /// Asks the client's model.
  default SamplingResult sample(SamplingRequest request) {
    return ask(InputRequest.sampling(request));
  }

  /// The places that the server may work in, as they are now. The client is asked; one that
  /// declared to report changes is asked again only after a change, on whichever instance.
  default List<Root> roots() {
    return ask(InputRequest.roots());
  }

  /// Asks whether the client is there.
  default void ping() {
    ask(new ClientRequest("ping", Codec.object()));
  }
}
