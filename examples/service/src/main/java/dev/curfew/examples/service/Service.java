package dev.curfew.examples.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.curfew.CancelScope;
import dev.curfew.CancelledException;
import dev.curfew.DeadlineExceededException;
import dev.curfew.GroupClosedException;
import dev.curfew.ServiceGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Takes orders over HTTP, ships them by a pool of workers, and audits them from time to time.
 *
 * <p>It owns three groups, one for each order of stopping: {@link #close()} first lets the requests
 * end, then the workers, then the pollers, so that nothing is handed to what has gone.
 */
final class Service {
    private static final Duration REQUEST = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int WORKERS = 4;

    private final ServiceGroup requests = ServiceGroup.open("requests", c -> c.withPatience(POLL));
    private final ServiceGroup workers = ServiceGroup.open("workers", c -> c.withPatience(POLL));

    /** On platform threads: a database in this JVM computes on its caller's, for long. */
    private final ServiceGroup pollers =
            ServiceGroup.open(
                    "pollers",
                    c -> c.withPatience(POLL).withThreadFactory(Thread.ofPlatform().factory()));

    private final BlockingQueue<Long> toShip = new ArrayBlockingQueue<>(1_000);
    private final Orders orders = new Orders();
    private final HttpServer http;

    Service(int port) throws IOException, SQLException {
        for (int i = 1; i <= WORKERS; i++) {
            workers.fork("shipper-" + i, this::ship);
        }
        pollers.fork("audit", this::audit);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        http.createContext("/orders", exchange -> answer(exchange, this::order));
        http.createContext("/misbehave", exchange -> answer(exchange, this::misbehave));
        http.setExecutor(this::request);
        http.start();
    }

    int port() {
        return http.getAddress().getPort();
    }

    /** Lets nobody in any more, and ends when everything has. */
    void close() {
        http.stop(0);
        requests.close();
        workers.close();
        pollers.close();
    }

    // ---- the tasks -------------------------------------------------------------------------

    private void ship() throws InterruptedException, SQLException {
        while (true) {
            toShip.take();
            orders.ship();
        }
    }

    /** An audit that takes too long is cancelled, by its statement. */
    private void audit() throws InterruptedException, SQLException {
        while (true) {
            CancelScope.withTimeoutOrEmpty(POLL, orders::audit);
            CancelScope.sleep(POLL.multipliedBy(4));
        }
    }

    // ---- HTTP ------------------------------------------------------------------------------

    /** What the server runs for each connection; it must not throw. */
    private void request(Runnable exchange) {
        try {
            requests.fork(() -> {
                exchange.run();
                return null;
            });
        } catch (GroupClosedException e) {
            // The service ends; the server closes the connection.
        }
    }

    private interface Handler {
        String handle(String argument) throws Exception;
    }

    private void answer(HttpExchange exchange, Handler handler) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        int code = 200;
        String text;
        try {
            text =
                    CancelScope.withTimeout(
                            REQUEST, () -> handler.handle(query == null ? "" : query));
        } catch (DeadlineExceededException | CancelledException e) {
            code = 503;
            text = "try later";
        } catch (IllegalArgumentException e) {
            code = 400;
            text = "bad request";
        } catch (Exception e) {
            code = 500;
            text = "failed";
        }
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String order(String item) throws SQLException, InterruptedException {
        if (item.isEmpty()) {
            throw new IllegalArgumentException("no item");
        }
        long id = orders.add(item);
        toShip.put(id);
        return "order " + id;
    }

    private String misbehave(String how) {
        Misbehaving task = Misbehaving.valueOf(how.toUpperCase(Locale.ROOT));
        return "task " + workers.fork("export-" + how, task.body()).id();
    }
}
