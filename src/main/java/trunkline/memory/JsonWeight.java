package trunkline.memory;

import trunkline.telemetry.Turn;

/// What a JSON text will cost in memory: a body is held in pieces and as a whole while it arrives,
/// then as characters, texts and the nodes of a tree. One of brackets makes a tree of thirty times
/// its size.
public final class JsonWeight {
  /// For each byte while it arrives.
  public static final long ARRIVING = 2;

  /// For each byte while it is parsed, and of the texts that stay.
  private static final int PARSED = 3;

  private static final int OBJECT = 100;
  private static final int ARRAY = 60;
  private static final int MEMBER = 150;
  private static final int ELEMENT = 40;

  /// By the byte, since a branch for each kind was a sixtieth of a call.
  private static final int[] OF_BYTE = new int[256];

  static {
    OF_BYTE['{'] = OBJECT;
    OF_BYTE['['] = ARRAY;
    OF_BYTE[':'] = MEMBER;
    OF_BYTE[','] = ELEMENT;
  }

  private static final int STRIDE = 16 * 1024;

  private JsonWeight() {}

  /// Of the tree, besides the text.
  public static long ofTree(byte[] json) {
    var weight = (long) PARSED * json.length;
    var turn = new Turn();
    for (var from = 0; from < json.length; from += STRIDE) {
      var until = Math.min(json.length, from + STRIDE);
      weight += ofNodes(json, from, until);
      turn.worked(until - from);
    }
    return weight;
  }

  private static long ofNodes(byte[] json, int from, int until) {
    var weight = 0L;
    for (var i = from; i < until; i++) {
      weight += OF_BYTE[json[i] & 0xFF];
    }
    return weight;
  }
}
