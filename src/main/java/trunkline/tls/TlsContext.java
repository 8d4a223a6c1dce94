package trunkline.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/// A context for a listener, whose server sockets ask for the certificates with each connection: an
/// ordinary one has the same for ever, and with them the sessions that it lets clients resume.
public final class TlsContext extends SSLContext {
  private TlsContext(TlsFiles files, boolean asks, HandshakeBound bound) {
    super(new Spi(files, asks, bound), files.identity().context().getProvider(), "TLS");
  }

  /// The context of these files, which changes with them.
  ///
  /// @param asks whether clients are asked for a certificate, if the settings say so
  public static TlsContext of(TlsFiles files, boolean asks, HandshakeBound bound) {
    return new TlsContext(files, asks, bound);
  }

  /// Says that the handshake of the calling thread's connection is done; without effect on a
  /// connection without TLS.
  public static void handshakeDone() {
    SocketBelow.handshakeDone();
  }

  private static final class Spi extends SSLContextSpi {
    private final TlsFiles files;
    private final SSLServerSocketFactory listeners;

    Spi(TlsFiles files, boolean asks, HandshakeBound bound) {
      this.files = files;
      this.listeners = new Listeners(files, asks, bound);
    }

    private SSLContext current() {
      return files.identity().context();
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trusted, SecureRandom random) {
      throw new UnsupportedOperationException("the files say it");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return current().getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return listeners;
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return current().createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return current().createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return current().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return current().getClientSessionContext();
    }
  }

  private static final class Listeners extends SSLServerSocketFactory {
    private final TlsFiles files;
    private final boolean asks;
    private final HandshakeBound bound;

    Listeners(TlsFiles files, boolean asks, HandshakeBound bound) {
      this.files = files;
      this.asks = asks;
      this.bound = bound;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
      return new TlsServerSocket(files, asks, bound);
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      return bound(new InetSocketAddress(port), 0);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
      return bound(new InetSocketAddress(port), backlog);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
        throws IOException {
      return bound(new InetSocketAddress(address, port), backlog);
    }

    private ServerSocket bound(InetSocketAddress address, int backlog) throws IOException {
      var socket = createServerSocket();
      socket.bind(address, backlog);
      return socket;
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return files.identity().context().getDefaultSSLParameters().getCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return files.identity().context().getSupportedSSLParameters().getCipherSuites();
    }
  }
}
