package trunkline.rate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/// What a bucket is for; or, with `*` for a name, what a limit is for.
///
/// @param principal empty for [RateScope#TOOL]
/// @param tool empty for [RateScope#PRINCIPAL]
record BucketKey(RateScope scope, String principal, String tool) {
  static final String EACH = "*";

  private static final int DIGEST_BYTES = 16;

  static BucketKey ofPrincipal(String principal) {
    return new BucketKey(RateScope.PRINCIPAL, principal, "");
  }

  static BucketKey ofTool(String tool) {
    return new BucketKey(RateScope.TOOL, "", tool);
  }

  static BucketKey ofBoth(String principal, String tool) {
    return new BucketKey(RateScope.PRINCIPAL_TOOL, principal, tool);
  }

  /// What limits it, the nearest first.
  List<BucketKey> patterns() {
    return switch (scope) {
      case PRINCIPAL -> List.of(this, ofPrincipal(EACH));
      case TOOL -> List.of(this, ofTool(EACH));
      case PRINCIPAL_TOOL ->
          List.of(this, ofBoth(principal, EACH), ofBoth(EACH, tool), ofBoth(EACH, EACH));
    };
  }

  /// Its name in the table: of one length, and without the names of people.
  byte[] digest() {
    try {
      var hash = MessageDigest.getInstance("SHA-256");
      hash.update(scope.text().getBytes(StandardCharsets.UTF_8));
      hash.update((byte) 0);
      var name = principal.getBytes(StandardCharsets.UTF_8);
      hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array());
      hash.update(name);
      hash.update(tool.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(hash.digest(), DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
