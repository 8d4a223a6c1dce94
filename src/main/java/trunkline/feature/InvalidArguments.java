package trunkline.feature;

import java.util.List;
import trunkline.jsonrpc.RpcError;

/// A tool's refusal of the arguments of a call.
public final class InvalidArguments extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidArguments(List<String> problems) {
    super(RpcError.cut(String.join("; ", problems)), null, false, false);
  }
}
