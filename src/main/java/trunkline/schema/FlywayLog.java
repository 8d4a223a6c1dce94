package trunkline.schema;

import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;
import org.flywaydb.core.api.logging.LogFactory;
import org.flywaydb.core.internal.logging.slf4j.Slf4jLogCreator;

/// Flyway's log, of which a process has one, whoever migrates in it.
///
/// What it says of our migrations is a line for each attempt and advice about options that nobody
/// has here; what goes wrong comes back to us, who say it. What it says of the migrations of a
/// program that embeds us is that program's, and goes where its logs go.
final class FlywayLog {
  private static final ScopedValue<Boolean> OURS = ScopedValue.newInstance();
  private static final LogCreator THEIRS = new Slf4jLogCreator();

  private FlywayLog() {}

  /// Runs what concerns our migrations, of which it says nothing. Flyway asks for the log at each
  /// line, so that what others migrate meanwhile is not silenced.
  ///
  /// @param flyway made before this, since whoever is made anew brings its log
  static <T> T silent(Flyway flyway, Function<Flyway, T> work) {
    LogFactory.setLogCreator(type -> OURS.isBound() ? new Nothing() : THEIRS.createLogger(type));
    return ScopedValue.where(OURS, true).call(() -> work.apply(flyway));
  }

  private static final class Nothing implements Log {
    @Override
    public void debug(String message) {}

    @Override
    public void info(String message) {}

    @Override
    public void warn(String message) {}

    @Override
    public void error(String message) {}

    @Override
    public void error(String message, Exception failure) {}

    @Override
    public void notice(String message) {}
  }
}
