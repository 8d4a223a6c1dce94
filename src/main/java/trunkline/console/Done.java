package trunkline.console;

import java.util.List;
import java.util.Map;

/// An act that was done, for the template.
///
/// @param outcome what the function said; none where there was no such thing
public record Done(Act act, Map<String, String> given, List<String> outcome) {}
