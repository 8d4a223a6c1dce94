package trunkline.protocol;

import java.util.TreeSet;
import java.util.function.Predicate;
import trunkline.jsonrpc.InsufficientScope;
import trunkline.jsonrpc.RpcException;
import trunkline.protocol.method.Methods;
import trunkline.session.Sender;

/// Knows the resources that a client asks to hear of, and the scopes that it takes for all of them.
final class AwaitedResources implements Predicate<String> {
  private final Methods methods;
  private final Sender sender;
  private final TreeSet<String> scopes = new TreeSet<>();

  AwaitedResources(Methods methods, Sender sender) {
    this.methods = methods;
    this.sender = sender;
  }

  /// Whether the resource is there to the client.
  @Override
  public boolean test(String uri) {
    var needed = methods.scopesToAwait(sender, uri);
    needed.ifPresent(scopes::addAll);
    return needed.isPresent();
  }

  /// Goes on when the client may hear of all that were asked for.
  ///
  /// @throws RpcException naming the scopes of all
  void requireAllowed() {
    if (!sender.credential().scopes().hold(scopes)) {
      throw InsufficientScope.about("To listen for these resources", scopes);
    }
  }
}
