package trunkline.conformance;

import trunkline.feature.Annotations;
import trunkline.feature.Content;

/// The smallest picture and the shortest sound.
final class Media {
  static final String RED_PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
  static final Content IMAGE = new Content.Image(RED_PIXEL, "image/png", Annotations.NONE);
  static final Content AUDIO =
      new Content.Audio(
          "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=",
          "audio/wav",
          Annotations.NONE);

  private Media() {}
}
