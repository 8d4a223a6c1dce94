package trunkline.welcome;

/// How one client connects.
///
/// @param client its name
/// @param where what to do with the text: a file, or a command line
/// @param text a few lines, to be copied as they are
public record Way(String client, String where, String text) {}
