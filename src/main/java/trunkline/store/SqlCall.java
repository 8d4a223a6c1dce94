package trunkline.store;

/// Something to ask the database, as a rule one statement: one transaction, one round trip.
///
/// It runs on a thread that nobody interrupts. What jOOQ throws in it is translated by whoever runs
/// it ([Database], [DirectConnection]).
@FunctionalInterface
public interface SqlCall<T> {
  T run(Sql sql);
}
