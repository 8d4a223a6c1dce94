/// The proof that can be run: `./trunkline demo` and `./trunkline chaos`.
///
/// A [Run] puts [Guest]s, each with an open stream, a steady flow of messages ([Flow]) and calls
/// ([Caller]), behind a balancer in front of three instances that are processes of their own
/// ([Stage]), makes the [Fault]s of a [Plan] there, and asks [trunkline.testing.History] for the
/// verdict. Nothing here knows what the server does inside: all is judged by what clients saw and
/// what a committed transaction or an answer had promised.
///
/// The launcher compiles this package with the JDK's compiler alone against `trunkline.jar`;
/// therefore it uses nothing but that jar and what of [trunkline.testing] does so as well.
@NullMarked
package trunkline.chaos;

import org.jspecify.annotations.NullMarked;
