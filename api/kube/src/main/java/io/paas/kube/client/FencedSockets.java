package io.paas.kube.client;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/// Connections that no byte leaves while the fence is shut.
///
/// A request passes many hands between the decision to send it and the kernel: encryption, HTTP/2's
/// flow control, locks. A process can be stopped in each of them and continued a minute later. Here
/// the fence is asked with nothing but the system call to come; what the kernel already has, it
/// sends without us, while we are stopped.
final class FencedSockets extends SocketFactory {

    private final WriteFence fence;

    FencedSockets(WriteFence fence) {
        this.fence = fence;
    }

    /// The only one that OkHttp uses.
    @Override
    public Socket createSocket() {
        return new Fenced();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    private final class Fenced extends Socket {
        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FencedStream(super.getOutputStream());
        }
    }

    private final class FencedStream extends FilterOutputStream {

        FencedStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            check();
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            check();
            out.write(bytes, offset, length);
        }

        private void check() throws IOException {
            if (!fence.isOpen()) {
                throw new IOException("not sent: this process does not hold its lease");
            }
        }
    }
}
