package trunkline.protocol.method;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.Interceptor;
import trunkline.feature.Invocation;
import trunkline.feature.ToolFailed;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.jsonrpc.NotUnicode;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.around.Interception;
import trunkline.protocol.run.CallContext;
import trunkline.session.SessionLimitReached;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.RightMissing;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Runs handlers, and decides what clients may read of their exceptions. A jar that lacks a class
/// or recurses for ever is a failing handler too; only an exhausted machine is not.
final class HandlerErrors {
  private final Interception interception;
  private final EventSink events;

  /// @param interception stands around each handler
  HandlerErrors(Interception interception, EventSink events) {
    this.interception = interception;
    this.events = events;
  }

  @FunctionalInterface
  interface Handler<T> {
    T run() throws Exception;
  }

  /// Lets a handler be run as its interceptors will.
  <R> R guard(CallContext context, Invocation<R> invocation, Interceptor.Next<R> handler)
      throws InterruptedException {
    return guard(
        context,
        invocation.method(),
        invocation.name(),
        () -> interception.run(invocation, handler));
  }

  /// The same with an answer instead of a failure.
  <R> R guard(
      CallContext context,
      Invocation<R> invocation,
      Interceptor.Next<R> handler,
      Function<Optional<String>, R> failed)
      throws InterruptedException {
    return guard(
        context,
        invocation.method(),
        invocation.name(),
        () -> interception.run(invocation, handler),
        failed);
  }

  /// Runs a handler whose failure is that of its request.
  <T> T guard(CallContext context, String method, String name, Handler<T> handler)
      throws InterruptedException {
    return guard(
        context,
        method,
        name,
        handler,
        problem -> {
          throw internal(problem.orElse(method + " failed for " + name));
        });
  }

  /// Runs a handler.
  ///
  /// @param failed answers instead of it, with the problem as far as its client may read it
  <T> T guard(
      CallContext context,
      String method,
      String name,
      Handler<T> handler,
      Function<Optional<String>, T> failed)
      throws InterruptedException {
    try {
      return handler.run();
    } catch (RpcException
        | DatabaseUnavailable
        | DatabaseBusy
        | RightMissing
        | CancellationException e) {
      throw e;
    } catch (InterruptedException e) {
      throw e;
    } catch (UrlElicitationRequired e) {
      if (context.supports(ClientCapability.ELICITATION_URL)) {
        throw context.required(e);
      }
      return failed.apply(Optional.of(unopened(e)));
    } catch (CapabilityMissing e) {
      if (context.revision().isStateless()) {
        throw undeclared(e);
      }
      return failed.apply(Optional.of(String.valueOf(e.getMessage())));
    } catch (ToolFailed
        | ClientRequestFailed
        | SessionLimitReached
        | MessageTooLarge
        | NotUnicode e) {
      return failed.apply(Optional.of(String.valueOf(e.getMessage())));
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      events.emit(new ServerEvent.HandlerFailed(method, name, ServerEvent.place(e)));
      return failed.apply(Optional.empty());
    }
  }

  /// The client could declare more, and send its request again.
  private static RpcException undeclared(CapabilityMissing e) {
    var data = Codec.object();
    data.set("requiredCapabilities", e.capability().declaration());
    return new RpcException(
        new RpcError(ErrorCode.CLIENT_CAPABILITY_MISSING, String.valueOf(e.getMessage()), data));
  }

  private static RpcException internal(String message) {
    return new RpcException(new RpcError(ErrorCode.INTERNAL_ERROR, message));
  }

  /// For a client that does not open web pages.
  private static String unopened(UrlElicitationRequired e) {
    return "a web page has to be opened first, which this client cannot be asked to do: "
        + e.getMessage();
  }
}
