/// The options, and what they configure.
///
/// ```
///   command line ─┐
///   environment ──┼─▶ Options ──▶ OptionParser ──▶ ServerConfig ─┬─ HttpSettings, HttpPolicy
///   file ─────────┤  value and    form and bounds                ├─ DatabaseChoice
///   default ──────┘  origin       of each Option                 ├─ Policies: one of each package
///                                                                └─ Trust, Logging
/// ```
///
/// **Options** ([trunkline.config.Option]) have one name in three spellings: `--poll-only`,
/// `TRUNKLINE_POLL_ONLY`, `poll-only` in a properties file. The command line wins over the
/// environment, that over the file, that over the default ([trunkline.config.Options#ORDER] is the
/// sentence for users). A secret has a form with `-file`; the two are one thing, so that the
/// stronger source wins. An unknown name is refused in every source, with the nearest known one: a
/// misspelt option that is silently ignored is found out in production. The variables that
/// Kubernetes sets in every pod when a service is called `trunkline` are not ours and pass.
///
/// **Settings of catalogs** are options whose names the catalogs know (`config.CatalogSettings`):
/// `--set shop.url=x`, `TRUNKLINE_SET_SHOP_URL`, `set.shop.url`, in the same order. What no catalog
/// asks for is refused by whoever loads them.
///
/// **A limit is written once.** [trunkline.config.Option] holds its name, default, bounds and help,
/// and the error of a bad value follows from them. Whoever enforces the limit refuses: a request by
/// `RpcException.limitReached`, a handler by an exception that `HandlerErrors` lets through; both
/// emit `LimitReached`. To add one: a constant there, a component of the policy of the package that
/// keeps it (filled in [trunkline.config.Policies]), and the use.
///
/// **Policies** all have the same form. The compact constructor checks them. `of(…)` takes what
/// options say and completes the rest; a policy without options is a constant `DEFAULT`. Defaults
/// of options are not repeated there: `ServerConfig.of(Map.of())` has them.
///
/// **A program** says them by [trunkline.config.TypedOptions], which a test writes from
/// [trunkline.config.Option]: what it sets is text for the same parser, so that bounds and errors
/// are the same.
///
/// **Secrets.** A form knows what may be shown of a value ([trunkline.config.OptionForm]); errors
/// and `--print-config` ([trunkline.config.Setting]) show that. A URL that cannot be read is not
/// quoted: a password may stand anywhere in it.
///
/// **The database** is chosen by one option ([trunkline.config.DatabaseChoice]): the embedded
/// PostgreSQL, or the operator's own.
///
/// What it does not do: reach anything. It reads the configuration file and the names of others;
/// whether the port is free and the database answers is found out at the start.
@NullMarked
package trunkline.config;

import org.jspecify.annotations.NullMarked;
