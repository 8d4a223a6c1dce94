package trunkline.jsonrpc;

import java.util.List;

/// What one POST carries. Whether a batch is allowed depends on the revision and is not decided
/// here.
public sealed interface Body {
  record Single(Message message) implements Body {}

  record Batch(List<Message> messages) implements Body {
    public Batch {
      messages = List.copyOf(messages);
    }
  }
}
