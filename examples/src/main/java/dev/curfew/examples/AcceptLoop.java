package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.ServiceGroup;
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

    /**
     * Stops.
     *
     * @return whether all connections finished in time; those that did not were cut
     */
    public boolean stop(Duration drain) throws InterruptedException {
        acceptor.close();
        try {
            return connections.joinWithin(drain);
        } finally {
            connections.close();
        }
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
            System.out.println("drained: " + loop.stop(Duration.ofSeconds(10)));
        }
    }
}
