package trunkline.stream;

/// Names a batch for ever, so that sending it again after an unknown outcome stores it once.
///
/// @param writer instance id * 256 + lane
/// @param number counts the writer's batches
/// @param slot where the batch is remembered: chosen once, the same on every attempt
record BatchKey(long writer, long number, int slot) {}
