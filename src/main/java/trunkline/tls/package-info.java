/// TLS of the listeners: their certificates, and whom they believe.
///
/// ```
///   PEM files ──each second──▶ TlsFiles ──▶ TlsIdentity (certificates, key, authorities)
///                                               ▲ asked with each connection
///   ServerSocket ─▶ TlsServerSocket.accept ─────┘
///                        └─▶ SocketBelow (TCP) ─▶ the JDK's SSLSocket ─▶ Helidon
/// ```
///
/// **Renewal.** All files are read every second and compared as a whole, because a mounted secret
/// (Kubernetes) is changed by turning a link, which times and sizes need not show. What is new is
/// used for connections from then on; open ones, streams among them, go on with what they were
/// opened with. What cannot be used (half written, a key of another certificate, encrypted) is
/// reported, and what was there stays; a pair that does not fit is given a second look first, since
/// two files are rarely written at once. A context is never changed but replaced, so that a session
/// which a former authority's client has is not resumed.
///
/// **At a start** such files are refused in words, before anything else is started.
///
/// **Time.** [trunkline.tls.TlsFiles#left] is a meter, and what remains of a certificate's last
/// fifth, two weeks at most, is a warning a day.
///
/// **Clients' certificates** are checked by the JDK's PKIX rules against the authorities of a file
/// alone: signatures, validity, key usage for clients; no host name, no CRL, no OCSP. One that is
/// not believed fails the handshake, also where none is needed. Whether it would still be believed
/// is asked again with each request ([trunkline.tls.TlsFiles#trusts]): taking an authority out of
/// the file ends what its clients can do on open connections too.
///
/// **Handshakes** run on the connection's own virtual thread, never on the one that accepts, and
/// within a time ([trunkline.tls.HandshakeBound]) and 256 KiB. HTTP without TLS is answered in
/// plain words, and closed.
///
/// **Not here.** Versions, ciphers and groups are the JDK's, and `java.security` changes them; one
/// certificate for a listener, whatever name clients ask for (SNI); key stores; passwords of keys.
@NullMarked
package trunkline.tls;

import org.jspecify.annotations.NullMarked;
