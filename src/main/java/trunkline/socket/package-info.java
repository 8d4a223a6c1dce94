/// What TCP of this machine can do and Java has no name for: options of listening sockets, set
/// through libc, and the table of `/proc`. On Linux only; elsewhere each says that it is not there,
/// and whoever asks does without.
///
/// | what | buys |
/// |---|---|
/// | [trunkline.socket.UnacknowledgedLimit] | a client whose machine fell silent is noticed |
/// | [trunkline.socket.SynFilter] | a listening socket is closed without losing who is in |
/// | [trunkline.socket.TcpTable] | who listens, and who is shaking hands |
@NullMarked
package trunkline.socket;

import org.jspecify.annotations.NullMarked;
