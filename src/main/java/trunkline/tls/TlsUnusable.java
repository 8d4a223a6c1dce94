package trunkline.tls;

import org.jspecify.annotations.Nullable;
import trunkline.feature.TrunklineException;

/// The files of a certificate or a key cannot be used; the message names the file and says why,
/// without anything of a key.
public final class TlsUnusable extends TrunklineException {
  private static final long serialVersionUID = 1L;

  TlsUnusable(String message, @Nullable Throwable cause) {
    super(Reason.OPTION, message, cause);
  }

  TlsUnusable(String message) {
    this(message, null);
  }
}
