package dev.curfew;

import dev.curfew.internal.report.Report;
import dev.curfew.internal.report.Reports;
import dev.curfew.internal.time.FullHeap;

/**
 * Closes and cancels a block whose own thread has no stack left to do it, or no memory.
 *
 * <p>A block may be entered with just enough stack to wait at its end, see {@link StackReserve}. To
 * cancel takes more, the more where classes are used for the first time; and a class whose
 * initializer runs out of stack is unusable for ever. Here there is all the stack it takes, and
 * time to wait for memory.
 */
final class LastResort extends Thread {
    private final BlockGroup core;
    private final Throwable thrown;

    private LastResort(BlockGroup core, Throwable thrown) {
        super(null, null, "curfew-last-resort", 0, false);
        setDaemon(true);
        this.core = core;
        this.thrown = thrown;
    }

    /** Has the class loaded while there is stack for that. */
    static void load() {}

    /** Whether what was thrown says that the thread is short of stack, and it is. */
    static boolean isFor(Throwable thrown) {
        return (thrown instanceof StackOverflowError || thrown instanceof LinkageError)
                && !StackReserve.isAmple();
    }

    /**
     * Also where no thread can be had.
     *
     * @throws OutOfMemoryError if there is no memory even for that; it can be repeated
     */
    static void begin(BlockGroup core, Throwable thrown) {
        LastResort thread = new LastResort(core, thrown);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            thread.run();
        }
    }

    @Override
    public void run() {
        boolean cancelled = false;
        while (!cancelled) {
            try {
                core.bodyFailed(thrown);
                cancelled = true;
            } catch (OutOfMemoryError e) {
                FullHeap.pause();
            } catch (Throwable e) {
                Reports.report(Report.INTERNAL, "a block could not be cancelled", e);
                cancelled = true;
            }
        }
        core.bodyEnded();
    }
}
