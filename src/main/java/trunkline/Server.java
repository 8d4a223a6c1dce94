package trunkline;

import java.util.concurrent.CountDownLatch;
import trunkline.store.Database;
import trunkline.store.Migrations;

/// One running instance.
public final class Server implements AutoCloseable {
  private final ServerConfig config;
  private final DatabaseAccess access;
  private final Database database;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Server(ServerConfig config, DatabaseAccess access, Database database) {
    this.config = config;
    this.access = access;
    this.database = database;
  }

  public static Server start(ServerConfig config) {
    var access = DatabaseAccess.open(config.database());
    try {
      new Migrations(access.connections()).migrateOrValidate();
      return new Server(config, access, new Database(access.connections(), "trunkline"));
    } catch (RuntimeException e) {
      access.close();
      throw e;
    }
  }

  /// Where clients reach this instance.
  public String url() {
    return "http://127.0.0.1:" + config.listening().port() + "/mcp";
  }

  public int instance() {
    return 0;
  }

  public DatabaseAccess database() {
    return access;
  }

  /// Waits until the server is closed.
  public void awaitStopped() throws InterruptedException {
    stopped.await();
  }

  @Override
  public void close() {
    database.close();
    access.close();
    stopped.countDown();
  }
}
