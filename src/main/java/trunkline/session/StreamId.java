package trunkline.session;

/// The database's number of a stream; unique for ever.
public record StreamId(long value) {}
