package trunkline.console;

/// A session with its picture, for the template.
///
/// @param name and version that its client gives itself
public record Life(Story story, Drawing drawing, String name, Listening listening) {}
