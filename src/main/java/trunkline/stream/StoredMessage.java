package trunkline.stream;

/// A committed message.
record StoredMessage(long eventId, byte[] payload) {}
