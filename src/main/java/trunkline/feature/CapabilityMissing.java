package trunkline.feature;

/// The client did not declare that it can answer this kind of question, so it was not asked.
public final class CapabilityMissing extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ClientCapability capability;

  public CapabilityMissing(ClientCapability capability) {
    super(
        "the client did not declare the capability " + capability.key() + " (" + capability + ")");
    this.capability = capability;
  }

  public ClientCapability capability() {
    return capability;
  }
}
