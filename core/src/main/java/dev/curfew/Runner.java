package dev.curfew;

import dev.curfew.internal.tree.Strand;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs the main program as a task group, as {@code asyncio.run} does: when it ends, its tasks have
 * ended; and when the JVM is told to end, the program is cancelled, and waited for.
 *
 * {@snippet file="dev/curfew/samples/ApiSamples.java" region="runner"}
 *
 * <p>The body's group is the root group of the program, named {@code main} unless its settings say
 * otherwise. It is a block in everything: see {@link TaskGroup}. The body runs on a new thread of
 * the group's thread factory, a virtual one unless that is set: blocks inside are many times
 * cheaper there than on the JVM's main thread. The calling thread waits. What hangs on the calling
 * thread (its {@link ThreadLocal}s, its locks, its scoped values) does not hold in the body.
 *
 * <p><b>The JVM is told to end</b> by SIGINT (Ctrl-C), SIGTERM, SIGHUP or {@link System#exit}. Then
 * the root group is cancelled, with a reason of kind {@link CancelReason.Kind#SHUTDOWN}, and the
 * JVM does not end before body and tasks have. No longer than the group's patience, 10 seconds
 * unless set: after that what is left is named on {@link System#err}, since the program's logging
 * may be closed by then, and the JVM is let go. A second signal does not shorten that; SIGKILL
 * does. Code after the call may not run any more, since the JVM ends with the program. A {@link
 * ServiceGroup} is no part of the program: whoever owns it closes it, in the body's clean-up.
 *
 * <p>{@code System.exit} in the body or a task works: everything else is cancelled and waited for.
 * The thread that called it never comes back, so its own clean-up does not run, as ever in Java;
 * nor does that of code which waits for this thread. Better let an exception leave the body, or
 * return a code from {@link #call}.
 *
 * <p><b>Exit codes.</b>
 *
 * <table>
 * <caption>what the JVM ends with</caption>
 * <tr><td>0</td><td>the body has returned, or the root group was cancelled by hand</td></tr>
 * <tr><td>1</td><td>body or task failed, or something failed in the clean-up of a cancelled body</td></tr>
 * <tr><td>130, 143, 129</td><td>SIGINT, SIGTERM, SIGHUP: the JVM's own, also if something failed
 * while stopping</td></tr>
 * <tr><td>the given one</td><td>{@code System.exit}, and {@link #call}</td></tr>
 * </table>
 *
 * <p><b>A failure</b> is told once, to the body's thread's uncaught exception handler, as if it had
 * left {@code main}: the default one, if the program has set one, and otherwise printed on {@link
 * System#err}. Also one that happens while stopping.
 *
 * <p>It works by a shutdown hook: with {@code -Xrs}, and by {@link Runtime#halt} and SIGKILL, the
 * JVM ends at once. Programs that handle signals themselves go on being told of them.
 *
 * <p>Several runs may follow each other, and different threads may run programs at the same time.
 * Inside a task, a block or a scope it is refused: there {@link TaskGroup} belongs, which a
 * cancellation from around it reaches.
 */
public final class Runner {
    private static final int CANCELLED_BY_HAND = 0;

    private Runner() {}

    /**
     * Runs the program, and then ends the JVM, with the exit code. Never returns: other threads do
     * not keep the JVM alive.
     *
     * @param body the program
     * @throws IllegalStateException if the calling thread is inside a task, a block or a scope, or
     *     the JVM is ending already; then nothing was run
     */
    public static void main(VoidBlock<?> body) {
        main(UnaryOperator.identity(), body);
    }

    /**
     * Like {@link #main(VoidBlock)}, with settings.
     *
     * @param config changes the root group's default settings
     * @param body the program
     */
    public static void main(UnaryOperator<Config> config, VoidBlock<?> body) {
        System.exit(run(config, body));
    }

    /**
     * Runs the program; the JVM goes on.
     *
     * <p>An interrupt of the calling thread cancels the root group with a reason of kind {@link
     * CancelReason.Kind#INTERRUPTED}; it is still set when this returns, and the code is 130.
     *
     * @param body the program
     * @return the exit code that {@link #main(VoidBlock)} would end the JVM with
     * @throws IllegalStateException if the calling thread is inside a task, a block or a scope, or
     *     the JVM is ending already; then nothing was run
     */
    public static int run(VoidBlock<?> body) {
        return run(UnaryOperator.identity(), body);
    }

    /**
     * Like {@link #run(VoidBlock)}, with settings.
     *
     * @param config changes the root group's default settings
     * @param body the program
     * @return the exit code
     */
    public static int run(UnaryOperator<Config> config, VoidBlock<?> body) {
        Objects.requireNonNull(body, "body");
        return execute(
                config,
                group -> {
                    body.run(group);
                    return 0;
                },
                CANCELLED_BY_HAND);
    }

    /**
     * Runs a program that says itself what the exit code is: {@code System.exit(Runner.call(…))}.
     * Otherwise like {@link #run(VoidBlock)}, except that a root group that was cancelled by hand
     * has no code, and counts as failed.
     *
     * @param body the program; ends with its exit code
     * @return the body's code; 1 if it failed
     */
    @CheckReturnValue
    public static int call(Block<Integer, ?> body) {
        return call(UnaryOperator.identity(), body);
    }

    /**
     * Like {@link #call(Block)}, with settings.
     *
     * @param config changes the root group's default settings
     * @param body the program; ends with its exit code
     * @return the body's code; 1 if it failed
     */
    @CheckReturnValue
    public static int call(UnaryOperator<Config> config, Block<Integer, ?> body) {
        Objects.requireNonNull(body, "body");
        return execute(config, body, null);
    }

    private static int execute(
            UnaryOperator<Config> change,
            Block<Integer, ?> body,
            @Nullable Integer codeIfCancelledByHand) {
        Config config =
                Config.blockDefaults(defaults ->
                        Objects.requireNonNull(change, "config").apply(defaults.withName("main")));
        if (Strand.current() != null) {
            throw new IllegalStateException(
                    "the main program cannot be run inside "
                            + Task.current().map(Text::nameOf).orElse("a block or a scope")
                            + ", whose cancellation would not reach it; use TaskGroup.run there");
        }
        return new MainRun(config, body, codeIfCancelledByHand).execute();
    }
}
