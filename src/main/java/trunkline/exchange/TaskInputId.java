package trunkline.exchange;

/// The id of a task's question, which it keeps on whichever stream it is passed on.
public record TaskInputId(long value) {}
