package trunkline.feature;

import java.net.URI;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A handler's way to say that users have to open web pages before their request can be served: the
/// client shows them the addresses and sends its request again (MCP 2025-11-25, error `-32042`).
///
/// A client that cannot do that gets an ordinary error with the messages.
public final class UrlElicitationRequired extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable List<UrlElicitationRequest> elicitations;

  public UrlElicitationRequired(List<UrlElicitationRequest> elicitations) {
    super(
        elicitations.stream().map(UrlElicitationRequest::message).collect(Collectors.joining(" ")));
    if (elicitations.isEmpty()) {
      throw new IllegalArgumentException("no page is required");
    }
    this.elicitations = List.copyOf(elicitations);
  }

  /// For one page.
  ///
  /// @param page makes the page's address of the elicitation's id
  public UrlElicitationRequired(String message, Function<String, URI> page) {
    this(List.of(UrlElicitationRequest.of(message, page)));
  }

  public List<UrlElicitationRequest> elicitations() {
    return elicitations == null ? List.of() : elicitations;
  }
}
