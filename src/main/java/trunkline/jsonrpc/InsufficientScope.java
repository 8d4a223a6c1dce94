package trunkline.jsonrpc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The error of a request whose caller would need more scopes: it names all that the request needs,
/// so that the client asks for them once (MCP 2025-11-25, Authorization, Scope Challenge Handling).
public final class InsufficientScope {
  private static final String SCOPES = "requiredScopes";

  private InsufficientScope() {}

  /// Refuses something to whom these were needed for it.
  ///
  /// @param what the request is about, such as `the tool bake`
  public static RpcException about(String what, Collection<String> scopes) {
    var data = Codec.object();
    var array = data.putArray(SCOPES);
    scopes.forEach(array::add);
    return new RpcException(
        new RpcError(
            ErrorCode.INSUFFICIENT_SCOPE,
            what + " needs the scope " + String.join(" ", scopes),
            data));
  }

  /// The scopes that it named.
  public static List<String> of(RpcError error) {
    var scopes = new ArrayList<String>();
    if (error.data() != null) {
      error.data().path(SCOPES).forEach(scope -> scopes.add(scope.asString("")));
    }
    return scopes;
  }
}
