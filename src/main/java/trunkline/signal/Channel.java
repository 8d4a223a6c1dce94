package trunkline.signal;

/// The names of the NOTIFY channels. They are scoped to the database.
final class Channel {
  static final String ALL = "trunkline_all";

  private Channel() {}

  static String of(InstanceId instance) {
    return "trunkline_" + instance;
  }
}
