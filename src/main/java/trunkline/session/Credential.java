package trunkline.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import trunkline.feature.Scopes;

/// What let a sender in, as far as others may know it: never the secret itself.
///
/// @param id of the key or token, for the audit; empty where there is none
/// @param scopes what it lets its bearer do
/// @param expires null: it does not by itself
public record Credential(String id, Scopes scopes, @Nullable Instant expires) {
  public static final Credential NONE = new Credential("", Scopes.NONE, null);
}
