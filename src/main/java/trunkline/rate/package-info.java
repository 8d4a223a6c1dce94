/// How often a principal, a tool, and a principal a tool may call, over all instances at once.
///
/// **Token buckets, leased in portions.** The bucket of a principal, of a tool, and of a principal
/// for a tool is a row of `rate_buckets`; one that is not there is full. An instance takes a
/// portion of its tokens by one statement and spends them from memory, so a call asks nothing of
/// the database. What is asked for many buckets at a time goes in one statement.
///
/// ```
///   call ─▶ Rates.admit ─▶ Bucket: a token in hand ───────────────────────────▶ goes on
///                            │ half of the portion is spent ─▶ asks ahead
///                            │ none in hand: waits for 200 ms at most
///                            ▼
///                          Leases: one lane ─▶ rate_buckets.lease (refills, takes, gives back)
///                            │ less than asked for ─▶ refused until there may be more: 429
///                            │ no answer ─▶ LocalShare: the rate by the number of instances
/// ```
///
/// **Portions** follow the demand: twice as much as before when one lasted for less than a second,
/// half when it lasted for more than three, a quarter of a second's rate and of the burst at most,
/// and one at least; or as many as calls wait for, so that a burst that comes at once passes at
/// once. So an instance that dies takes at most that with it, and a rate of less than eight in a
/// second is counted call by call, with a statement for each that comes alone. Tokens that nobody
/// wanted for two seconds are given back.
///
/// **Where there is none**, nobody asks again for half of the time in which the bucket fills, 200
/// ms at most, or until there is one token, 5 s at most; calls are refused meanwhile with the time
/// that the database computed. So overload costs five statements a second for a bucket and an
/// instance.
///
/// **Clock.** The database's alone refills buckets. An instance measures by its own how long a
/// portion lasted and when to ask again.
///
/// **Limits** ([trunkline.rate.RateSettings]): rows of `rate_limits` over options, and in each the
/// name over `*`. Rows are written by `set_rate` and `clear_rate`, heard by announcement, and read
/// again every fifteen seconds. A limit that changed counts from the next call on. The options
/// should be the same everywhere: a bucket is refilled by the rate of whoever asks.
///
/// **Contention.** A row that somebody else holds just now is skipped and asked for again with the
/// next statement; nobody queues behind a lock. The table is unlogged: a lease waits for no flush
/// and no standby. A crash of the server or a promotion makes all buckets full.
///
/// **The database away**, or slower than 200 ms: calls go on by a share of this instance's own, the
/// rate by the number of instances that were alive at last, beginning with a second's worth. What
/// was spent so is taken from the bucket afterwards, up to the share of the burst, and the bucket
/// owes no more than its burst. An outage of the database does not become one of calls.
///
/// **Failure.** The answer to a lease was lost: its portion is, too. The same for an instance that
/// dies. What an instance owes is remembered until a statement has surely taken it. Nothing is ever
/// given twice, so what is lost makes a limit stricter for a moment, never laxer.
///
/// **Memory** is bounded: 50,000 buckets of an instance, forgotten after a minute without a call;
/// where there are more, those that were there first make room. A row is removed when it is full
/// again, by whoever sweeps for all.
///
/// What it does not do: queue calls, share fairly among instances (whoever asks first gets what is
/// there; each asks again within 250 ms), or limit how much runs at a time (`protocol.run`).
@NullMarked
package trunkline.rate;

import org.jspecify.annotations.NullMarked;
