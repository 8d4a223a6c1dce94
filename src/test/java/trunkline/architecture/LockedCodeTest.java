package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import trunkline.store.Database;
import trunkline.store.SqlCall;

/// Nobody waits for a lock whose holder waits for the database: one locked row would delay all that
/// want the lock.
class LockedCodeTest {
  /// Those for which nobody waits but a second round of the same work.
  private static final Set<String> ALONE =
      Set.of(
          // the one reader of the log; its readers look into its buffer
          "Announcements.readOnce",
          "Announcements.start",
          "ApiKeys.start",
          "LogReader.readOnce",
          "LogReader.start",
          "Outbox.start");

  private static Set<String> found(String classes) {
    return LockedCode.under(Path.of(classes))
        .waiting("trunkline/store/Database", "run", "runToTheEnd", "runHere", "await")
        .waiting("trunkline/store/DirectConnection", "run")
        .waiting("java/util/concurrent/BlockingQueue", "put")
        .waitingUnderLock();
  }

  @Test
  void no_lock_is_held_while_the_database_is_waited_for() {
    assertThat(found("target/classes"))
        .filteredOn(found -> ALONE.stream().noneMatch(each -> found.startsWith(each + " ")))
        .isEmpty();
  }

  @Test
  void finds_them_in_methods_blocks_and_between_lock_and_unlock() {
    assertThat(found("target/test-classes"))
        .filteredOn(found -> found.startsWith("LockedCodeTest$Planted"))
        .containsExactlyInAnyOrder(
            "LockedCodeTest$Planted.synchronizedMethod → LockedCodeTest$Planted.asks",
            "LockedCodeTest$Planted.block → LockedCodeTest$Planted$Asking.ask",
            "LockedCodeTest$Planted.betweenLockAndUnlock → LockedCodeTest$Planted.asks");
  }

  @SuppressWarnings("unused")
  private record Planted(Database database, ReentrantLock lock, SqlCall<Boolean> call) {
    private interface Asking {
      boolean ask();
    }

    synchronized boolean synchronizedMethod() {
      return asks();
    }

    boolean block() {
      Asking asking = new Really(this);
      synchronized (lock) {
        return asking.ask();
      }
    }

    boolean betweenLockAndUnlock(boolean early) {
      lock.lock();
      try {
        if (early) {
          return false;
        }
        return asks();
      } finally {
        lock.unlock();
      }
    }

    synchronized boolean harmless() {
      return lock.isLocked();
    }

    private boolean asks() {
      return database.run(call);
    }

    private record Really(Planted planted) implements Asking {
      @Override
      public boolean ask() {
        return planted.asks();
      }
    }
  }
}
