package dev.curfew.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be run, and how.
 *
 * @param timeout the time for all; null for none
 * @param limit so many at once
 * @param directory null for our own
 * @param json the commands' output goes to standard error, since standard output has a document
 */
record Plan(
        List<Line> commands,
        Duration grace,
        @Nullable Duration timeout,
        boolean keepGoing,
        int limit,
        String shell,
        Map<String, String> environment,
        @Nullable Path directory,
        boolean json,
        Colours out,
        Colours err) {

    /** A command line with the name that its output bears. */
    record Line(String name, String command) {}
}
