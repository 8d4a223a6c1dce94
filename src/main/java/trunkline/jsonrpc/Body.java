package trunkline.jsonrpc;

import java.util.List;

/// The content of one POST. The revision decides elsewhere whether a batch is allowed.
public sealed interface Body {
  record Single(Message message) implements Body {}

  record Batch(List<Message> messages) implements Body {
    public Batch {
      messages = List.copyOf(messages);
    }
  }
}
