package trunkline.session;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Scopes;
import trunkline.jsonrpc.Codec;

/// Who sends a request, and what is known of it besides what the request says.
///
/// A call that another instance runs again, and a task, take it along among their stored
/// parameters. What lets somebody in is not stored: a further run does not see those headers.
///
/// @param claims of the principal, as the authenticator knows them
/// @param credential what let it in; of one that is stored, only what that lets it do
/// @param headers those that handlers may see, by their names in lower case
public record Sender(
    Principal principal, ObjectNode claims, Credential credential, Map<String, String> headers) {
  /// Among stored parameters. No client can have put it there: what it sent under this name is
  /// replaced.
  private static final String KEPT = "trunkline/sender";

  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "proxy-authorization", "cookie");

  public Sender {
    headers = Map.copyOf(headers);
  }

  /// One of whom nothing more is known.
  public Sender(Principal principal) {
    this(principal, Codec.object(), Credential.NONE, Map.of());
  }

  /// The principal as handlers see it.
  public trunkline.feature.Principal identity() {
    var known = new HashMap<String, JsonNode>();
    claims.properties().forEach(claim -> known.put(claim.getKey(), claim.getValue()));
    return new trunkline.feature.Principal(principal.name(), known, credential.scopes());
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /// Parameters with this sender, to be stored.
  public ObjectNode keptWith(ObjectNode params) {
    var kept = Codec.object();
    kept.setAll(params);
    kept.remove(KEPT);
    var lasting = new TreeMap<>(headers);
    lasting.keySet().removeAll(CREDENTIALS);
    var scopes = credential.scopes();
    if (!lasting.isEmpty() || !claims.isEmpty() || !scopes.equals(Scopes.NONE)) {
      var sender = kept.putObject(KEPT);
      sender.set("claims", claims);
      sender.put("everything", scopes.everything());
      var named = sender.putArray("scopes");
      new TreeSet<>(scopes.names()).forEach(named::add);
      var shown = sender.putObject("headers");
      lasting.forEach(shown::put);
    }
    return kept;
  }

  /// Takes it out of stored parameters.
  public static Sender takenFrom(ObjectNode params, Principal principal) {
    var kept = params.remove(KEPT);
    if (!(kept instanceof ObjectNode sender)) {
      return new Sender(principal);
    }
    var headers = new TreeMap<String, String>();
    for (var header : sender.path("headers").properties()) {
      headers.put(header.getKey(), header.getValue().asString(""));
    }
    var claims = sender.path("claims") instanceof ObjectNode known ? known : Codec.object();
    var scopes = new Scopes(sender.path("everything").asBoolean(false), names(sender));
    return new Sender(principal, claims, new Credential("", scopes, null), headers);
  }

  private static Set<String> names(ObjectNode sender) {
    var names = new TreeSet<String>();
    sender.path("scopes").forEach(name -> names.add(name.asString("")));
    return names;
  }
}
