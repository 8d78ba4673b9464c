package dev.curfew.internal.report;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the library says what it has nobody to throw to.
 *
 * <p>A report ends in foreign code, the program's logging, which may block. So none is made under a
 * lock, nor on the timer's thread.
 */
public final class Reports {
    /** The name of the {@link System.Logger} that reports go to. */
    public static final String LOGGER = "dev.curfew";

    private static final AtomicReference<List<Captured>> CAPTURES =
            new AtomicReference<>(List.of());

    private static volatile @Nullable Sink told;

    private Reports() {}

    /** Takes reports in place of the log. */
    @FunctionalInterface
    public interface Sink {
        /** Is called by the reporting thread, possibly by several at the same time. */
        void report(Report id, String message, @Nullable Throwable problem);
    }

    /** Ends a capture when it is closed; closing it again does nothing. */
    public interface Capture extends AutoCloseable {
        @Override
        void close();
    }

    private static final class Captured implements Capture {
        final Sink sink;

        Captured(Sink sink) {
            this.sink = sink;
        }

        @Override
        public void close() {
            CAPTURES.updateAndGet(all -> all.stream().filter(one -> one != this).toList());
        }
    }

    /** Reports. Never throws. */
    public static void report(Report id, String message) {
        send(id, message, null);
    }

    /** Reports, with the exception that it is about. Never throws. */
    public static void report(Report id, String message, Throwable problem) {
        send(id, message, problem);
    }

    /**
     * Redirects reports, for tests. While there are captures every one of them gets each report,
     * and the log none.
     */
    public static Capture capture(Sink sink) {
        Captured mine = new Captured(sink);
        CAPTURES.updateAndGet(all -> Stream.concat(all.stream(), Stream.of(mine)).toList());
        return mine;
    }

    /** Has each report told to {@code sink} from now on, beside the log. */
    public static void tell(Sink sink) {
        told = sink;
    }

    private static void send(Report id, String message, @Nullable Throwable problem) {
        try {
            if (id.on()) {
                sendNow(id, message, problem);
            }
        } catch (Throwable hopeless) {
            // An OutOfMemoryError: a report must not break what it is about.
        }
    }

    private static void sendNow(Report id, String message, @Nullable Throwable problem) {
        List<Captured> captures = CAPTURES.get();
        if (captures.isEmpty()) {
            attempt(Reports::log, id, message, problem);
        } else {
            for (Captured capture : captures) {
                attempt(capture.sink, id, message, problem);
            }
        }
        Sink sink = told;
        if (sink != null) {
            attempt(sink, id, message, problem);
        }
    }

    private static void log(Report id, String message, @Nullable Throwable problem) {
        System.Logger logger = System.getLogger(LOGGER);
        String text = id.key() + ": " + message;
        if (logIsDeaf(logger)) {
            System.err.println(id.level() + ": " + text);
            if (problem != null) {
                problem.printStackTrace();
            }
            return;
        }
        if (problem == null) {
            logger.log(id.level(), text);
        } else {
            logger.log(id.level(), text, problem);
        }
    }

    /**
     * While the JVM shuts down the JDK's own logging has no handlers any more, and says nothing:
     * just when it matters what will not stop.
     */
    private static boolean logIsDeaf(System.Logger logger) {
        String backend = logger.getClass().getName();
        if (!backend.startsWith("sun.") && !backend.startsWith("jdk.internal.")) {
            return false;
        }
        try {
            Thread probe = new Thread(() -> {});
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException shuttingDown) {
            return true;
        }
    }

    private static void attempt(Sink sink, Report id, String message, @Nullable Throwable problem) {
        try {
            sink.report(id, message, problem);
        } catch (Throwable loggersOwn) {
            try {
                System.err.println(
                        LOGGER
                                + " "
                                + id.key()
                                + ": "
                                + message
                                + (problem == null ? "" : " [" + problem.getClass().getName() + "]")
                                + " (logging it threw "
                                + loggersOwn.getClass().getName()
                                + ")");
            } catch (Throwable hopeless) {
                // A report must not break what it is about.
            }
        }
    }
}
