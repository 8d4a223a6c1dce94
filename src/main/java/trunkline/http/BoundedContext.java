package trunkline.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// Helidon's view of a connection, with our reader in it.
record BoundedContext(ConnectionContext original, RequestReader reader)
    implements ConnectionContext {
  /// Tells the reader how far Helidon's parser is.
  static final Http1ConnectionListener PROGRESS =
      new Http1ConnectionListener() {
        @Override
        public void prologue(ConnectionContext context, HttpPrologue prologue) {
          if (context instanceof BoundedContext(_, var reader)) {
            reader.lineRead();
          }
        }

        @Override
        public void headers(ConnectionContext context, Headers headers) {
          if (context instanceof BoundedContext(_, var reader)) {
            reader.headRead();
          }
        }
      };

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public DataWriter dataWriter() {
    return original.dataWriter();
  }

  @Override
  public ListenerContext listenerContext() {
    return original.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return original.executor();
  }

  @Override
  public Router router() {
    return original.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return original.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return original.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return original.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return original.localPeer();
  }

  @Override
  public boolean isSecure() {
    return original.isSecure();
  }

  @Override
  public String socketId() {
    return original.socketId();
  }

  @Override
  public String childSocketId() {
    return original.childSocketId();
  }
}
