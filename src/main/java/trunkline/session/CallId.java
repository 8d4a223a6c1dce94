package trunkline.session;

/// The database's number of a call that has become a stream.
public record CallId(long value) {}
