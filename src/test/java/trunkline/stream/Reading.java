package trunkline.stream;

import java.util.function.Supplier;
import trunkline.simulation.MemoryDatabase.Statement;

/// A statement of one look that locks nothing.
record Reading<T>(String name, Supplier<T> work) implements Statement<T> {
  @Override
  public T commit() {
    return work.get();
  }
}
