package trunkline.feature;

/// Something that is done and gives a value, such as a step of [RequestContext#once].
///
/// @param <X> what it may throw; inferred to be nothing checked where it throws nothing
@FunctionalInterface
public interface Action<T, X extends Exception> {
  T perform() throws X;
}
