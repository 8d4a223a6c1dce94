package trunkline.protocol.run;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.SessionValues;
import trunkline.jsonrpc.Codec;
import trunkline.store.DatabaseUnavailable;

/// A handler's view of the values that its session keeps: JSON here, text in the database.
record StoredValues(Services services, trunkline.session.SessionValues values)
    implements SessionValues {
  @Override
  public Optional<JsonNode> find(String name) {
    return services.patientlyUntilCancelled(() -> values.get(name)).map(Codec::tree);
  }

  @Override
  public void put(String name, JsonNode value) {
    var text = Codec.text(value);
    if (!services.patientlyUntilCancelled(() -> values.put(name, text))) {
      throw new ClientRequestFailed(
          ClientRequestFailed.Reason.SESSION_ENDED, "the session has ended");
    }
  }

  /// A removal whose answer was lost finds no value when it is repeated, and counts as done.
  @Override
  public boolean remove(String name) {
    var lost = new AtomicBoolean();
    return services.patientlyUntilCancelled(() -> {
      try {
        return values.remove(name) || lost.get();
      } catch (DatabaseUnavailable e) {
        lost.compareAndSet(false, e.isDoubtful());
        throw e;
      }
    });
  }
}
