package trunkline.access.key;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import trunkline.feature.Scopes;
import trunkline.session.Credential;
import trunkline.session.Principal;

/// A key that was good when it was read.
///
/// @param expires by the database's clock; null: it does not
/// @param left until then, so that no clock of a machine matters; null: it does not expire
/// @param unused since its last use was written; null: none was
record GoodKey(
    long id,
    Principal principal,
    Scopes scopes,
    @Nullable Instant expires,
    @Nullable Duration left,
    @Nullable Duration unused) {
  /// Names it as `key_directory` does.
  Credential credential() {
    return new Credential("key:" + id, scopes, expires);
  }
}
