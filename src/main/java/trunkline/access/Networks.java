package trunkline.access;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// A list of addresses and CIDR blocks, for instance `10.0.0.0/8`, `::1`.
public final class Networks {
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  private record Block(byte[] address, int bits) {
    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      var whole = bits / 8;
      if (!Arrays.equals(address, 0, whole, other, 0, whole)) {
        return false;
      }
      var rest = bits % 8;
      var mask = 0xff << (8 - rest);
      return rest == 0 || (address[whole] & mask) == (other[whole] & mask);
    }
  }

  private final List<Block> blocks = new ArrayList<>();

  private Networks(Collection<String> entries) {
    for (var entry : entries) {
      blocks.add(block(entry.strip()));
    }
  }

  public static Networks of(Collection<String> entries) {
    return new Networks(entries);
  }

  public boolean contains(InetAddress address) {
    return blocks.stream().anyMatch(block -> block.contains(address.getAddress()));
  }

  private static Block block(String entry) {
    var slash = entry.indexOf('/');
    try {
      // A literal only: a name would be resolved once and trusted for ever.
      var address =
          InetAddress.ofLiteral(slash < 0 ? entry : entry.substring(0, slash)).getAddress();
      var bits = slash < 0 ? address.length * 8 : Integer.parseInt(entry.substring(slash + 1));
      if (bits < 0 || bits > address.length * 8) {
        throw new IllegalArgumentException("a prefix of " + bits + " bits");
      }
      return new Block(address, bits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a network is an address or address/bits, not " + entry, e);
    }
  }
}
