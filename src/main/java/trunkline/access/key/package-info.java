/// API keys: credentials for clients that cannot do OAuth, as rows of `api_keys`.
///
/// ```
///   select trunkline.issue_key('ada', '{orders.read}', now() + interval '90 days')
///     tk_17_<256 bits in base64url>        the only time that anybody sees it
///        └ its number: what key_directory shows, and revoke_key takes
/// ```
///
/// **Only the SHA-256 is kept**, in the table and in memory; whoever reads either, or a backup, has
/// nothing to show. A digest that is looked for in an index or a map tells nothing by its time: it
/// cannot be approached byte by byte.
///
/// ```
///   request ─▶ KeyAuthenticator ─▶ MetKeys ──────────── good: in, without a statement
///                                     │ not met
///                                     ├─▶ RefusedKeys ── no key, a moment ago: 401
///                                     └─▶ LookUps ────── ten statements a second at most: in, 401 or 503
///   revoke_key ─commit─▶ NOTIFY k0 ─▶ the loop of ApiKeys: one look at all that were met
///   an open stream ── Standing: asked twice a second, from memory ── MetKey
/// ```
///
/// **A call costs no statement.** An instance remembers the keys that it has met, for ten minutes
/// after their last use, 10,000 at most. While it remembers any, one statement about once a second
/// asks which of them are good and for how long: a key that is not among them has ended. So nothing
/// of the database's order of commits matters, and a row that somebody changed or deleted by hand
/// is heard of like a revocation.
///
/// **Revoked** means refused on every instance within a second: by NOTIFY in some milliseconds;
/// when that is lost, with the look of each second; without NOTIFY (`--poll-only`), where looks
/// come every 50 to 400 ms, within half a second. A key that is being met in that very moment, by
/// an answer from before the commit, is found by the next look. Streams end half a second after
/// that at the latest (`http`).
///
/// **Which clock decides?** The database's. With each look comes how long a key is good for; an
/// instance counts that down on its own monotonic clock, from before it asked, so it ends a key a
/// little early and never late.
///
/// **The database away.** Keys that were met go on for five minutes after the last look that
/// succeeded, so that a failover is no outage of calls that need no database; a key that was not
/// met, and all of them after that, gets a 503 with `Retry-After`, never a 401: it may be good. An
/// instance that is cut off from the database alone honours a revoked key for those five minutes,
/// no longer.
///
/// **Strangers.** What has not the form of a key is refused without being looked up. What has it
/// waits for a statement that takes all that wait, with a tenth of a second between two: a storm of
/// random keys costs an instance ten statements a second, and a good key that is met in it a tenth
/// of a second. A thousand wait at most, two seconds each; more get the 503. What was found to be
/// no key is remembered for a second, ten thousand of them at most.
///
/// **Last use** is written by the upkeep every ten seconds, and once a minute for a key by all
/// instances together.
///
/// **A restored, swapped or promoted database** decides with the next look: a key that it does not
/// have ends. It may have keys living that were revoked since; revoke them again.
///
/// Two keys of one principal are one person: they share sessions and tasks, and one is replaced by
/// issuing the next first. A key of another principal gets a 404 for them. `purge` removes keys
/// before anything else.
///
/// It knows neither HTTP nor what scopes are for.
@NullMarked
package trunkline.access.key;

import org.jspecify.annotations.NullMarked;
