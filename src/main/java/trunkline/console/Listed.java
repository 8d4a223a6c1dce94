package trunkline.console;

import java.util.List;

/// A page of rows of a view, for the template.
///
/// @param says what the rows are
/// @param instance whose they are; 0 for all
/// @param heads the columns' names
/// @param hasDeeds whether something can be done about a row
/// @param acts what can be done here without a row
/// @param older what to ask for the page after this one; empty when there is none
public record Listed(
    String word,
    String says,
    int instance,
    List<String> heads,
    List<Row> rows,
    boolean hasDeeds,
    List<Act> acts,
    String older) {
  /// So many are looked at for those of one instance.
  public static final int LOOKED_AT_MAX = Lists.LOOKED_AT_MAX;

  /// A row.
  ///
  /// @param acts what can be done about it
  public record Row(List<Cell> cells, List<Deed> acts) {}

  /// A value.
  ///
  /// @param href where it leads; may be empty
  public record Cell(String text, String href) {}

  /// An act with what it is about.
  public record Deed(String title, String href) {}
}
