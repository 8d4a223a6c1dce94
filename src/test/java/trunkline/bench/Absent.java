package trunkline.bench;

/// What cannot be measured here, since something is missing that nobody has to have: said in words,
/// and no failure.
final class Absent extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Absent(String why) {
    super(why);
  }
}
