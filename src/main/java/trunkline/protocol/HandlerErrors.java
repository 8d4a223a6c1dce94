package trunkline.protocol;

import java.util.concurrent.CancellationException;
import trunkline.feature.CapabilityMissing;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.ToolFailed;
import trunkline.feature.UrlElicitationRequired;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;
import trunkline.session.SessionLimitReached;
import trunkline.store.DatabaseUnavailable;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Runs handlers that have no error results: what they throw becomes a JSON-RPC error. A jar that
/// lacks a class or recurses for ever is a failing handler too; only an exhausted machine is not.
final class HandlerErrors {
  private final EventSink events;

  HandlerErrors(EventSink events) {
    this.events = events;
  }

  @FunctionalInterface
  interface Handler<T> {
    T run() throws Exception;
  }

  <T> T guard(CallContext context, String method, String name, Handler<T> handler)
      throws InterruptedException {
    try {
      return handler.run();
    } catch (RpcException | DatabaseUnavailable | CancellationException e) {
      throw e;
    } catch (InterruptedException e) {
      throw e;
    } catch (UrlElicitationRequired e) {
      throw context.supports(ClientCapability.ELICITATION_URL)
          ? context.required(e)
          : internal(unopened(e));
    } catch (ToolFailed
        | CapabilityMissing
        | ClientRequestFailed
        | SessionLimitReached
        | MessageTooLarge e) {
      throw internal(String.valueOf(e.getMessage()));
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      events.emit(new ServerEvent.HandlerFailed(method, name, place(e)));
      throw internal(method + " failed for " + name);
    }
  }

  private static RpcException internal(String message) {
    return new RpcException(new RpcError(ErrorCode.INTERNAL_ERROR, message));
  }

  /// For a client that does not open web pages.
  static String unopened(UrlElicitationRequired e) {
    return "a web page has to be opened first, which this client cannot be asked to do: "
        + e.getMessage();
  }

  /// The exception's class and where it was thrown; its message may hold what must not be logged.
  static String place(Throwable e) {
    var trace = e.getStackTrace();
    return e.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }
}
