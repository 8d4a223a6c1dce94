package trunkline.console;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import trunkline.testing.Requirement;

/// This machine's browser; none is downloaded.
final class Chromium implements AutoCloseable {
  private static final String MISSING = "Failed to load resource: the server responded with";

  private static final double PATIENCE_MILLIS = 60_000;

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = new ArrayList<>();

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /// Its program; without it the test ends here.
  static Path program() {
    return Requirement.findProgram("chromium")
        .or(() -> Requirement.findProgram("chromium-browser"))
        .orElseThrow(() -> Requirement.absent("chromium is not installed"));
  }

  /// Its assertions wait for as long as a busy machine takes.
  static Chromium start() {
    var environment = new HashMap<>(System.getenv());
    environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    var playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
    // As root there is no sandbox, and the browser says so instead of starting.
    var root = System.getProperty("user.name").equals("root");
    var options =
        new BrowserType.LaunchOptions()
            .setExecutablePath(program())
            .setArgs(root ? List.of("--no-sandbox") : List.of());
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    return new Chromium(playwright, playwright.chromium().launch(options));
  }

  /// A window of this width.
  Page window(int width, ColorScheme scheme, boolean scripts) {
    var page = context(width, scheme, scripts).newPage();
    page.onConsoleMessage(message -> {
      if (List.of("error", "warning").contains(message.type())
          && !message.text().startsWith(MISSING)) {
        complaints.add(message.text());
      }
    });
    page.onPageError(complaints::add);
    page.onDialog(dialog -> complaints.add("dialog: " + dialog.message()));
    page.onRequest(request -> {
      if (!request.url().startsWith("http://127.0.0.1:") && !request.url().startsWith("data:,")) {
        complaints.add("leaves this machine: " + request.url());
      }
    });
    return page;
  }

  private BrowserContext context(int width, ColorScheme scheme, boolean scripts) {
    return browser.newContext(
        new Browser.NewContextOptions()
            .setViewportSize(width, width < 600 ? 740 : 800)
            .setColorScheme(scheme)
            .setJavaScriptEnabled(scripts));
  }

  /// What the browser had to say, and what it asked of others.
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
