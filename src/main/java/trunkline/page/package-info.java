/// What pages for people are made of, whatever they show: templates, style sheets, and texts of
/// strangers that are only text.
///
/// ```
///   console, welcome ──▶ Templates   HTML, escaped, compiled from src/main/jte
///                    ──▶ Assets      what the page loads, from this host alone
///                    ──▶ PlainText   a name in a page, whatever is in it
/// ```
///
/// Each who serves pages serves its own assets, below its own path, so that none needs another to
/// be on.
@NullMarked
package trunkline.page;

import org.jspecify.annotations.NullMarked;
