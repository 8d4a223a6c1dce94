package db.callback;

import java.util.Objects;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.slf4j.LoggerFactory;

/** Flyway finds it here without being told. */
public class ShopCallback extends BaseCallback {
  @Override
  public void handle(Event event, Context context) {
    if (event == Event.BEFORE_VALIDATE || event == Event.BEFORE_MIGRATE) {
      var schema = context.getConfiguration().getDefaultSchema();
      LoggerFactory.getLogger(ShopCallback.class)
          .info("callback on {}", Objects.requireNonNullElse(schema, "the default"));
    }
  }
}
