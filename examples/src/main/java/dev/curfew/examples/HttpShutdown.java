package dev.curfew.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.curfew.CancelScope;
import dev.curfew.ServiceGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An HTTP server that shuts down in order: refuse, let the running requests finish, cut the rest.
 */
public final class HttpShutdown {
    private final HttpServer server;
    private final ServiceGroup requests = ServiceGroup.open("http");
    private volatile boolean stopping;

    /** What answers a request. */
    public interface Handler {
        String answer() throws Exception;
    }

    /** Starts, on a port that is free. */
    public HttpShutdown(Handler handler) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(request -> requests.fork("request", request::run));
        server.createContext("/", exchange -> handle(exchange, handler));
        server.start();
    }

    /** Where it answers. */
    public URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    private void handle(HttpExchange exchange, Handler handler) throws IOException {
        try (exchange) {
            if (stopping) {
                send(exchange, 503, "shutting down");
                return;
            }
            try {
                send(exchange, 200, handler.answer());
            } catch (InterruptedException e) {
                send(exchange, 503, "cut by the shutdown");
            } catch (Exception e) {
                send(exchange, 500, String.valueOf(e.getMessage()));
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /**
     * Shuts down.
     *
     * @return whether the requests finished in time; those that did not were cancelled
     */
    public boolean shutdown(Duration drain) throws InterruptedException {
        stopping = true;
        boolean finished = false;
        try {
            finished = requests.joinWithin(drain);
        } finally {
            requests.cancel("the server shuts down");
            CancelScope.shield(requests::join); // their answers are sent before the sockets close
            server.stop(0);
            requests.close();
        }
        return finished;
    }

    public static void main(String[] args) throws Exception {
        HttpShutdown server = new HttpShutdown(() -> "hello");
        try (HttpClient client = HttpClient.newHttpClient()) {
            System.out.println(
                    client.send(
                                    HttpRequest.newBuilder(server.address()).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body());
        }
        System.out.println("finished: " + server.shutdown(Duration.ofSeconds(10)));
    }
}
