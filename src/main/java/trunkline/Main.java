package trunkline;

/// The command line of Trunkline.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.out.println("Trunkline " + arguments.length);
  }
}
