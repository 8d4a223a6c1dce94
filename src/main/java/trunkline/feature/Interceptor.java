package trunkline.feature;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Stands around what handlers do: calls, reads, prompts, completions, and questions to clients. It
/// may go on, go on with something else, answer instead, refuse, or look at what comes of it.
///
/// ```java
/// catalog.around(
///     Interceptor.ofTools((call, next) -> {
///       if (!hours.areOpen()) {
///         return ToolResult.error("The kitchen is closed until 8.");   // answers instead
///       }
///       var begun = System.nanoTime();
///       try {
///         return next.proceed(call.with(cleaned(call.arguments())));   // goes on with others
///       } finally {
///         LOG.info("{} took {} ns", call.name(), System.nanoTime() - begun);
///       }
///     }));
/// ```
///
/// It runs on the request's own thread, on whichever instance, and may wait; neither era nor
/// carrier can be seen from it. It runs again where its handler does: in a further run after an
/// instance was lost, and in each round of a request without a session. What is about several
/// clients belongs into a database.
///
/// **Refusing.** What it throws is to the client what the handler would have thrown: [ToolFailed]
/// is read by the model, a `trunkline.jsonrpc.RpcException` is the request's error, of anything
/// else the client learns that it failed. A `CancellationException` and an `InterruptedException`
/// are no failures: the request was cancelled, its instance leaves, or it ends to ask its client
/// something. They must be thrown on; cleaning up belongs into a `finally`.
///
/// **Order.** The first that was added is the outermost. The server's own stand outside all others,
/// those that a program gives its builder outside those of catalogs. A call's arguments are checked
/// before the first; other ones that it goes on with are checked again.
public interface Interceptor {
  /// Stands around an invocation of any kind.
  <R> R around(Invocation<R> invocation, Next<R> next) throws Exception;

  /// The rest of the way to the handler.
  ///
  /// @param <R> what comes of it
  @FunctionalInterface
  interface Next<R> {
    R proceed(Invocation<R> invocation) throws Exception;
  }

  /// Stands around one kind of invocation.
  ///
  /// @param <I> the kind
  /// @param <R> what comes of it
  @FunctionalInterface
  interface Around<I extends Invocation<R>, R> {
    R around(I invocation, Next<R> next) throws Exception;
  }

  /// Stands around calls of tools alone.
  static Interceptor ofTools(Around<Invocation.ToolCall, ToolResult> around) {
    return new OneKind<>(Invocation.ToolCall.class, around);
  }

  /// Stands around reads of resources alone.
  static Interceptor ofResources(
      Around<Invocation.ResourceReading, List<ResourceContents>> around) {
    return new OneKind<>(Invocation.ResourceReading.class, around);
  }

  /// Stands around prompts alone.
  static Interceptor ofPrompts(Around<Invocation.PromptWriting, List<PromptMessage>> around) {
    return new OneKind<>(Invocation.PromptWriting.class, around);
  }

  /// Stands around completions alone.
  static Interceptor ofCompletions(Around<Invocation.Completing, Completion> around) {
    return new OneKind<>(Invocation.Completing.class, around);
  }

  /// Stands around questions to clients alone.
  static Interceptor ofQuestions(Around<Invocation.Asking, List<JsonNode>> around) {
    return new OneKind<>(Invocation.Asking.class, around);
  }
}
