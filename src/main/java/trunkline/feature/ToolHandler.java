package trunkline.feature;

/// A tool's work on valid input.
@FunctionalInterface
public interface ToolHandler<I, O> {
  /// May block. All that it throws becomes an error result; see the package's documentation on
  /// failing.
  O handle(I input, RequestContext context) throws Exception;
}
