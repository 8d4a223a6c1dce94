/// A real PostgreSQL process over a folder, for those who have no other PostgreSQL.
///
/// ```
///   instance A ─┐  join: the first one makes and starts it
///   instance B ─┼─▶ a file lock each in joined/ ──▶ one PostgreSQL over data/, 127.0.0.1 only
///   instance C ─┘  close: the last one to leave in peace stops it
/// ```
///
/// **It belongs to no instance**: the first to need it makes and starts it, later ones join it, and
/// the last one to leave in peace stops it. Each process that has joined holds a file lock; the
/// operating system drops that with the process, so a killed instance is not counted. A server that
/// the last instance's `kill -9` left running is joined by the next instance, or stopped with
/// `./trunkline stop`.
///
/// [trunkline.embedded.EmbeddedPostgres] is the only door: URL, user and password go through it
/// into the same [trunkline.store.DatabaseSettings] that an external database has, and nothing
/// above can tell the difference.
///
/// [trunkline.embedded.Platform] is what differs between Linux, macOS and Windows; the build puts
/// one platform's binaries on the class path (the pom's profiles). [trunkline.embedded.WayOut] is
/// what an operator is told to do where it cannot start.
///
/// What it does not do: upgrade the data of an older major version, listen on the network,
/// replicate.
@NullMarked
package trunkline.embedded;

import org.jspecify.annotations.NullMarked;
