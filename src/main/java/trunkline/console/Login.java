package trunkline.console;

import java.util.List;

/// A page that asks for a key, for the template.
///
/// @param faults what was wrong with the last one
/// @param token without which the form is not taken
public record Login(List<String> faults, String token) {}
