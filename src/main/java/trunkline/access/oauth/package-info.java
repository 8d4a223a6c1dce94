/// Access tokens of identity providers: this server as an OAuth 2.1 resource server (MCP 2026-07-28
/// basic/authorization; RFC 6750, 8414, 9068, 9728, and 7662 for opaque tokens).
///
/// ```
///   Bearer ─▶ OAuthTokens ─┬─ signed ─▶ SignedTokens ─▶ Issuer ─▶ ProviderLink ─▶ metadata, keys
///                          │            remembered      keys, as they were read last
///                          └─ opaque ─▶ OpaqueTokens ──────────▶ ProviderLink ─▶ introspection
///                                       remembered
///   401, 403 ◀─ ProtectedResource ─▶ /.well-known/oauth-protected-resource
/// ```
///
/// **Who it is.** A principal is issuer and subject ([trunkline.access.oauth.Subject]), with the
/// tenant where that is configured: `https://idp.example/realms/staff 248289761001`. The token's
/// bytes play no part, so sessions, tasks, streams and `requestState` go on with a new token, and
/// the same subject of another issuer is somebody else. A token file, a trusted header and a
/// certificate cannot give such a name; `issue_key` can: that key is its bearer's.
///
/// **What a token must be.** Signed by a key that its issuer shows now, by an algorithm of
/// [trunkline.access.oauth.SigningKey]; of a type that access tokens have; of a configured issuer,
/// character by character; for one of our audiences; within its time, with 30 s between the clocks;
/// with a subject; with the scopes that every request needs (else 403). What is sender-constrained
/// (`cnf`) is refused: taken as a bearer token it would be less than its issuer meant.
///
/// **ID tokens** are for clients and are refused, by their type, by claims that only they have
/// (`at_hash`, `c_hash`, `s_hash`), by what Keycloak writes into each token (`typ`), and where
/// there is a `nonce` and no scope. One that has none of these and our audience cannot be told from
/// an access token, which is why the audience must be ours alone and not a client's id.
///
/// **Nobody waits for a provider** but who needs it: keys are read on a thread of their own, one
/// reading at a time for each issuer, and again before they are old
/// ([trunkline.access.oauth.Issuer] has the ages). A plain call of a token that was seen within the
/// last minute costs the reading of its header, a hash and a look into two maps. What leaves here
/// is bounded whoever sends what: a request is over in 5 s and read up to 512 KiB; unknown keys
/// lead to four readings and then one in 15 s, failures to one in 1 s up to 30 s, opaque tokens to
/// 16 requests at a time; 256 requests wait for an issuer, the others get their 503 at once. These
/// are of each instance: n instances ask n times as often.
///
/// **A provider that is away.** Its last keys count for `--oidc-outage-max` more than their age;
/// then, or when there are none yet, its tokens get a 503 with `Retry-After` and no 401, which
/// would have clients throw good tokens away. The server starts, is ready and serves others
/// meanwhile. So does a token of an unknown key while it is away: it may be one that was made
/// since.
///
/// **What ends.** A [trunkline.access.Authenticator.Standing] is asked while a stream lasts and
/// answers from memory: the token's time is over; its issuer has not shown the key for half of
/// `--oidc-keys-age-max`; for opaque tokens, its issuer has said so when it was asked, which is
/// within two minutes; or the issuer has been away for too long.
///
/// **Memory.** What is remembered is bounded by the length of the tokens and half a KiB for each: 2
/// MiB of signed ones, 4 MiB of opaque ones, the least recently seen first to go. A token itself is
/// kept only for an opaque one by which a stream is open. None is ever logged; a credential's id is
/// the token's `jti`, or the beginning of its hash.
///
/// **Not here.** Giving tokens out, registering clients, sender-constrained tokens (DPoP, mutual
/// TLS), encrypted tokens, passing tokens on to others, issuers that are known by a pattern.
@NullMarked
package trunkline.access.oauth;

import org.jspecify.annotations.NullMarked;
