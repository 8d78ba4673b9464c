package dev.curfew;

import dev.curfew.internal.report.Harmless;
import dev.curfew.internal.report.Times;
import java.time.Duration;

/** Makes text from outside fit for one line of a message or a log. */
final class Text {
    private Text() {}

    /** See {@link Harmless#of(String)}. */
    static String harmless(String text) {
        return Harmless.of(text);
    }

    /** See {@link Harmless#of(Throwable)}. */
    static String describe(Throwable problem) {
        return Harmless.of(problem);
    }

    /** How messages name a task. */
    static String nameOf(Task<?> task) {
        return "task " + harmless(task.name());
    }

    /** A thread's name, or its number if it has none. */
    static String nameOf(Thread thread) {
        String name = thread.getName();
        return name.isEmpty() ? "#" + thread.threadId() : name;
    }

    /** See {@link Times#of}. */
    static String of(Duration time) {
        return Times.of(time);
    }
}
