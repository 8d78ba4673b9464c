package dev.curfew;

import dev.curfew.internal.time.Rush;
import java.io.Serial;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
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

    /** What may lie between the program's call and this object. */
    private static final Set<Class<?>> LIBRARY =
            Set.of(
                    Site.class,
                    Reasons.class,
                    TaskImpl.class,
                    TaskFuture.class,
                    GroupCore.class,
                    BlockGroup.class,
                    ServiceGroup.class,
                    GroupExecutor.class,
                    GroupFuture.class,
                    CancelScope.class,
                    Forgotten.class,
                    Managed.class);

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

    private static boolean isLibrary(String frame) {
        for (Class<?> type : LIBRARY) {
            String name = type.getName();
            if (frame.startsWith(name)
                    && (frame.length() == name.length() || frame.charAt(name.length()) == '$')) {
                return true;
            }
        }
        return frame.startsWith("dev.curfew.internal.");
    }
}
