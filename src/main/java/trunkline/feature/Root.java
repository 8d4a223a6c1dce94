package trunkline.feature;

import org.jspecify.annotations.Nullable;

/// A place that the client lets the server work in, usually a `file:` URI.
public record Root(String uri, @Nullable String name) {}
