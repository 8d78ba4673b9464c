package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.ServiceGroup;
import dev.curfew.ShutdownReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A server that answers lines. It stops accepting, lets connections finish, and cuts the rest. */
public final class AcceptLoop {
    private final ServerSocket server;
    private final ServiceGroup acceptor = ServiceGroup.open("acceptor");
    private final ServiceGroup connections = ServiceGroup.open("connections");

    /** Starts to accept, on a port that is free. */
    public AcceptLoop() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        acceptor.fork("accept", this::accept);
    }

    /** The port. */
    public int port() {
        return server.getLocalPort();
    }

    private void accept() throws IOException, InterruptedException {
        while (true) {
            Socket socket = CancelScope.onCancel(server::close, server::accept);
            connections.fork("connection", () -> answer(socket));
        }
    }

    private static void answer(Socket socket) throws IOException {
        try (socket;
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.UTF_8))) {
            String line = in.readLine();
            while (line != null) {
                socket.getOutputStream()
                        .write(("you said " + line + "\n").getBytes(StandardCharsets.UTF_8));
                line = in.readLine();
            }
        }
    }

    /** Stops; connections that do not finish within the drain are cut. */
    public ShutdownReport stop(Duration drain) {
        acceptor.close();
        return connections.shutdown(drain, Duration.ofSeconds(10));
    }

    public static void main(String[] args) throws Exception {
        AcceptLoop loop = new AcceptLoop();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), loop.port());
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        client.getInputStream(), StandardCharsets.UTF_8))) {
            client.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
            System.out.println(in.readLine());
            client.shutdownOutput();
            System.out.println("stopped: " + loop.stop(Duration.ofSeconds(10)).stopped());
        }
    }
}
