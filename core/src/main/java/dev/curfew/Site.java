package dev.curfew;

import dev.curfew.internal.time.Rush;
import java.io.Serial;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in the program, taken cheaply: the frames are worked out only when somebody looks. Never
 * thrown.
 */
final class Site extends Throwable {
    @Serial private static final long serialVersionUID = 1L;

    private static final String LEVEL = System.getProperty("dev.curfew.sites", "sampled");
    private static final boolean ON = !LEVEL.equals("off");
    private static final boolean FULL = LEVEL.equals("full");

    private static final Rush RUSH = new Rush(64, 10_000_000);

    private static final String PACKAGE = "dev.curfew.";

    private Site() {
        super(null, null, false, true);
    }

    /** Where the caller is; null where that is switched off. */
    static @Nullable Site here() {
        return ON ? new Site() : null;
    }

    /** Like {@link #here} for what can come in a rush: then few are taken. */
    static @Nullable Site sampled() {
        return FULL || (ON && RUSH.take()) ? new Site() : null;
    }

    List<StackTraceElement> where() {
        return List.of(frames());
    }

    StackTraceElement[] frames() {
        StackTraceElement[] all = getStackTrace();
        int own = 0;
        while (own < all.length && isLibrary(all[own].getClassName())) {
            own++;
        }
        return Arrays.copyOfRange(all, own, all.length);
    }

    /** Whether it was loaded from where this class was: tests lie in the same package. */
    private static boolean isLibrary(String frame) {
        if (!frame.startsWith(PACKAGE)) {
            return false;
        }
        if (frame.startsWith("internal.", PACKAGE.length())) {
            return true;
        }
        if (frame.indexOf('.', PACKAGE.length()) >= 0) {
            return false;
        }
        try {
            Class<?> type = Class.forName(frame, false, Site.class.getClassLoader());
            return Objects.equals(source(type), source(Site.class));
        } catch (ClassNotFoundException | LinkageError | SecurityException e) {
            return true; // a class that is hidden: one that the JDK has made for the library
        }
    }

    private static @Nullable CodeSource source(Class<?> type) {
        return type.getProtectionDomain().getCodeSource();
    }
}
