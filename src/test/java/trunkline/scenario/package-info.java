/// What users rely on, as sentences over several real servers on one database.
///
/// The classes named `…AcrossInstancesTest` that take a [WakeUp] run twice: woken by NOTIFY, and
/// polling only, because losing every notification may change how fast things are, and nothing
/// else. Every request names its instance; no class relies on two requests reaching the same one.
@NullMarked
package trunkline.scenario;

import org.jspecify.annotations.NullMarked;
