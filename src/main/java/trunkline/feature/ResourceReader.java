package trunkline.feature;

import java.util.List;

/// Reads a resource.
@FunctionalInterface
public interface ResourceReader {
  /// Reads the resource; may block.
  ///
  /// @throws ResourceNotFound when there is nothing at this URI
  List<ResourceContents> read(ResourceRequest request, RequestContext context) throws Exception;

  /// Reads something of one type, text or bytes.
  @FunctionalInterface
  interface Of<T> {
    T read(ResourceRequest request, RequestContext context) throws Exception;
  }
}
