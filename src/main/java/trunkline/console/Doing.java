package trunkline.console;

import java.util.List;
import java.util.Map;

/// An act that may be done, for the template.
///
/// @param given what is filled in, by name
/// @param faults what is wrong with it
/// @param foreseen what it would be about, where that can be said
/// @param token without which it is not done
public record Doing(
    Act act, Map<String, String> given, List<String> faults, List<String> foreseen, String token) {}
