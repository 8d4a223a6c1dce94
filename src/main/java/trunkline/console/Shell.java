package trunkline.console;

import java.util.ArrayList;
import java.util.List;

/// What stands around each page.
///
/// @param title of the page
/// @param instance that shows it
/// @param visitor who looks; empty where nobody has a name
/// @param acts whether it may do more than look
/// @param reads whether it may see what messages say
public record Shell(String title, int instance, String visitor, boolean acts, boolean reads) {
  /// What each page leads to.
  public static final List<Link> PAGES = pages();

  /// A page.
  ///
  /// @param path below the console's
  public record Link(String path, String title) {}

  private static List<Link> pages() {
    var pages = new ArrayList<Link>();
    pages.add(new Link("", "Overview"));
    pages.add(new Link("sessions", "Sessions"));
    Lists.ALL.forEach(list -> pages.add(new Link(list.word(), list.title())));
    pages.add(new Link("doctor", "Doctor"));
    return List.copyOf(pages);
  }
}
