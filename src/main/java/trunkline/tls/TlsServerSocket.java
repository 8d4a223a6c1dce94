package trunkline.tls;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/// Accepts connections, each to be opened with the certificates of that moment. The handshake is
/// the connection's own: whoever is slow at it holds up nobody here.
///
/// Versions, ciphers and groups are those of the JDK, so what sets them is without effect.
final class TlsServerSocket extends SSLServerSocket {
  private final TlsFiles files;
  private final boolean asks;
  private final HandshakeBound bound;

  /// @param asks whether clients are asked for a certificate, if the settings say so
  TlsServerSocket(TlsFiles files, boolean asks, HandshakeBound bound) throws IOException {
    this.files = files;
    this.asks = asks;
    this.bound = bound;
    super();
  }

  @Override
  public Socket accept() throws IOException {
    while (true) {
      var below = new SocketBelow(bound);
      implAccept(below);
      try {
        return over(below);
      } catch (IOException | RuntimeException _) { // gone already; the next one
        below.close();
      }
    }
  }

  @SuppressWarnings("AddressSelection") // none is looked up: the socket is connected
  private SSLSocket over(SocketBelow below) throws IOException {
    var sockets = files.identity().context().getSocketFactory();
    var socket = (SSLSocket) sockets.createSocket(below, /* consumed */ null, true);
    socket.setUseClientMode(false);
    if (asks) {
      files.settings().clients().ifPresent(clients -> ask(socket, clients.auth()));
    }
    return socket;
  }

  private static void ask(SSLSocket socket, ClientAuth auth) {
    switch (auth) {
      case OPTIONAL -> socket.setWantClientAuth(true);
      case REQUIRED -> socket.setNeedClientAuth(true);
    }
  }

  private SSLParameters defaults() {
    return files.identity().context().getDefaultSSLParameters();
  }

  private SSLParameters supported() {
    return files.identity().context().getSupportedSSLParameters();
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {}

  @Override
  public String[] getEnabledCipherSuites() {
    return defaults().getCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {}

  @Override
  public String[] getSupportedCipherSuites() {
    return supported().getCipherSuites();
  }

  @Override
  public String[] getSupportedProtocols() {
    return supported().getProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return defaults().getProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {}

  @Override
  public void setNeedClientAuth(boolean need) {}

  @Override
  public boolean getNeedClientAuth() {
    return asks && is(ClientAuth.REQUIRED);
  }

  @Override
  public void setWantClientAuth(boolean want) {}

  @Override
  public boolean getWantClientAuth() {
    return asks && is(ClientAuth.OPTIONAL);
  }

  private boolean is(ClientAuth auth) {
    return files.settings().clients().filter(clients -> clients.auth() == auth).isPresent();
  }

  @Override
  public void setUseClientMode(boolean mode) {}

  @Override
  public boolean getUseClientMode() {
    return false;
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {}

  @Override
  public boolean getEnableSessionCreation() {
    return true;
  }
}
