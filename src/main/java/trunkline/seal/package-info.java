/// What a client carries from one instance to another, sealed.
///
/// A request of 2026-07-28 that needs input ends, and its client comes back to any instance with
/// what it was told to bring (`requestState`). There is no row for it: all that there is travels
/// with the client, who must be able neither to read nor to change it, nor to use it for anything
/// else. [trunkline.seal.Seals] seals and opens; what is inside and what it is bound to is its
/// caller's.
///
/// ```
///   v1.base64url( key id 16 │ expiry 8 │ nonce 12 │ AES-256-GCM(content) + tag 16 )
///                 └── authenticated, with "v1." and what it is bound to ──┘
/// ```
///
/// A token has one spelling: what decodes to the same but is written otherwise is forged. Nonces
/// are random, which is safe for four billion tokens under one key; a key is used for a day.
///
/// **The keys are rows** (`seal_keys`), made by a function of the migrations from the server's own
/// randomness, so that no instance and no operator ever hands one in. Whoever may read the table,
/// or a backup of it, can forge; that is the serving role and the owner, who can do all that a
/// token could.
///
/// **Read before it is used.** A new key is used a minute after it was made, by the database's
/// clock. Every instance reads the table every fifteen seconds and so knows it by then. Before
/// that, and on an instance that does not know it yet, the former one seals. No announcement tells
/// of it: what is waited for is the slowest instance, and NOTIFY makes only the fast ones faster.
///
/// ```
///   made ──a minute──▶ seals ──a day──▶ former: opens only ──two days──▶ removed
///           └ read by every instance       └ the next one seals
/// ```
///
/// **The belt.** An instance that was frozen or cut off for that minute meets an id that it does
/// not know, and reads the table before it judges: once a second at most, whatever strangers send.
/// Not reading within that second is safe: a key is known for a minute before there are tokens
/// under it.
///
/// **Which clock decides?** The database's, about everything: when a key is used and when a seal is
/// over. An instance remembers it with the keys and lets it go on by its own monotonic clock, so
/// neither sealing nor opening costs a statement, and a wrong clock of a machine matters to nobody.
/// Instances may differ by the time of an answer; five seconds are tolerated. A database whose
/// clock is put back lets seals hold longer by that; one whose clock jumps ahead ends them.
///
/// **The database away.** Sealing and opening go on with the keys that are known, sealing for a
/// day: then what it seals might outlive its key. A token under an unknown key is answered with
/// [trunkline.store.DatabaseUnavailable], not called forged: it may be good.
///
/// **A database that was put back, swapped or promoted** may have other keys. The instance forgets
/// what it knows, and reads before it seals or opens; what was sealed under a key that is gone is
/// forged, and its client begins again. A standby that lags by less than a minute has every key
/// that was used. Ids are uuids, so that a key of a lost future is never taken for another.
///
/// **Rotation.** Whoever holds the baton makes a key when the newest is a day old, and removes the
/// former ones two days after they were replaced: a day for the longest seal, a day for the one who
/// sealed without having read. `trunkline.rotate_seal_key()` does it now; while a key waits for its
/// minute there is no second one, so asking twice is harmless, and so is a lost answer. A key that
/// must not open any more is deleted by its owner, and forgotten within fifteen seconds. A table
/// without keys gets one, usable at once, by whoever reads it.
///
/// It keeps nobody from showing a token twice while it holds: what must happen once needs a row.
@NullMarked
package trunkline.seal;

import org.jspecify.annotations.NullMarked;
