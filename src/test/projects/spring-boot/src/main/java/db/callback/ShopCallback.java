package db.callback;

import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.slf4j.LoggerFactory;

/** Flyway finds it here without being told. */
public class ShopCallback extends BaseCallback {
  @Override
  public void handle(Event event, Context context) {
    if (event == Event.BEFORE_VALIDATE || event == Event.BEFORE_MIGRATE) {
      LoggerFactory.getLogger(ShopCallback.class)
          .info("callback on {}", context.getConfiguration().getDefaultSchema());
    }
  }
}
