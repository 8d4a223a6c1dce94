package trunkline.adapter.annotated;

import java.lang.reflect.InvocationTargetException;
import trunkline.feature.ToolFailed;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RpcError;
import trunkline.jsonrpc.RpcException;

/// What annotated methods throw, as what handlers of ours would. Only exceptions that exist to be
/// shown are.
final class Thrown {
  private Thrown() {}

  static Exception ours(Throwable thrown) {
    for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
      if (Vocabulary.findOwner(type).isPresent()) {
        switch (type.getSimpleName()) {
          case "ToolCallException" -> {
            return new ToolFailed(String.valueOf(thrown.getMessage()));
          }
          case "McpException" -> {
            return new RpcException(
                new RpcError(code(thrown), String.valueOf(thrown.getMessage())));
          }
          default -> {}
        }
      }
    }
    return switch (thrown) {
      case Exception exception -> exception;
      case Error error -> throw error;
      default -> new IllegalStateException(thrown);
    };
  }

  /// Its accessor is called differently by each vocabulary.
  private static int code(Throwable thrown) {
    for (var name : new String[] {"getJsonRpcErrorCode", "jsonRpcErrorCode", "getCode", "code"}) {
      try {
        if (thrown.getClass().getMethod(name).invoke(thrown) instanceof Integer code) {
          return code;
        }
      } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException _) {
        // the next one
      }
    }
    return ErrorCode.INTERNAL_ERROR;
  }
}
