package dev.curfew.inspect;

import dev.curfew.internal.report.Reports;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the library has to say about the program: tasks that do not stop, failures that nobody has
 * read, groups that were forgotten. It all goes to the {@link System.Logger} named {@code
 * dev.curfew}, and to whoever listens here. {@code docs/warnings.md} has a section for each, and
 * {@code -Ddev.curfew.warn.}<i>id</i>{@code =off} switches one off.
 */
public final class Warnings {
    private Warnings() {}

    /** Ends the listening when it is closed; closing it again does nothing. */
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * One warning.
     *
     * @param id what it is about, such as {@code stuck}
     * @param message some lines
     * @param problem the exception that it is about
     * @param when when it was given
     */
    public record Warning(String id, String message, Optional<Throwable> problem, Instant when) {}

    /**
     * Tells the listener of each warning from now on, beside the log. It is called on the thread
     * that has something to report, which may be one of the library's few: it should be quick. What
     * it throws is printed and dropped.
     *
     * @param listener is told; possibly by several threads at the same time
     * @return ends it when closed
     */
    public static Listening listen(Consumer<? super Warning> listener) {
        Objects.requireNonNull(listener, "listener");
        Reports.Capture listening =
                Reports.listen((id, message, problem) ->
                        listener.accept(
                                new Warning(
                                        id.key(),
                                        message,
                                        Optional.ofNullable(problem),
                                        Instant.now())));
        return listening::close;
    }
}
