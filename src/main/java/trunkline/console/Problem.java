package trunkline.console;

/// A page that is in the place of another, for the template.
public record Problem(String what) {}
