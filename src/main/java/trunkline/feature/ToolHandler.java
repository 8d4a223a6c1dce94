package trunkline.feature;

/// What a tool does with valid input.
@FunctionalInterface
public interface ToolHandler<I, O> {
  /// May block. Whatever it throws becomes an error result; see the package's documentation on
  /// failing.
  O handle(I input, RequestContext context) throws Exception;
}
