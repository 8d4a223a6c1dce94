package trunkline.simulation;

import java.util.Set;
import java.util.function.Supplier;
import trunkline.simulation.MemoryDatabase.Statement;

/// A statement of the simulation's own.
record Work<T>(String name, Set<Long> locked, Supplier<T> work) implements Statement<T> {
  Work(String name, Supplier<T> work) {
    this(name, Set.of(), work);
  }

  @Override
  public T commit() {
    return work.get();
  }
}
