package trunkline.store;

/// Work on the database, as a rule one statement: one transaction, one round trip.
///
/// It runs on a thread that is never interrupted. jOOQ's exceptions are translated by the caller
/// ([Database], [DirectConnection]).
@FunctionalInterface
public interface SqlCall<T> {
  T run(Sql sql);
}
