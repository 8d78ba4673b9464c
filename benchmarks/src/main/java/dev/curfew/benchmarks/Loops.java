package dev.curfew.benchmarks;

import java.util.concurrent.Callable;

/** Operations from what is to be done once. */
public final class Loops {
    private Loops() {}

    /** Done once; throws if it has not done its work. */
    @FunctionalInterface
    public interface Once {
        void run() throws Exception;
    }

    /** Done once; a sample for it. */
    @FunctionalInterface
    public interface Sampled {
        long run() throws Exception;
    }

    /** On a plain virtual thread, as a server's request is. */
    public static Operation onVirtualThread(Once once) {
        return (times, samples) -> await(() -> loop(times, once));
    }

    public static Operation sampled(Sampled once) {
        return (times, samples) ->
                await(() ->
                        loop(
                                times,
                                () -> {
                                    samples.add(once.run());
                                }));
    }

    /** On the calling thread, which is a platform thread. */
    public static Operation onPlatformThread(Once once) {
        return (times, samples) -> loop(times, once);
    }

    /** On so many virtual threads at a time, each of which does it {@code times} times. */
    public static Operation concurrently(int threads, Once once) {
        return (times, samples) -> {
            Thread[] all = new Thread[threads];
            Throwable[] thrown = new Throwable[threads];
            long start = System.nanoTime();
            for (int i = 0; i < threads; i++) {
                int index = i;
                all[i] =
                        Thread.startVirtualThread(() -> {
                            try {
                                loop(times, once);
                            } catch (Throwable e) {
                                thrown[index] = e;
                            }
                        });
            }
            for (Thread thread : all) {
                thread.join();
            }
            long nanos = System.nanoTime() - start;
            for (Throwable e : thrown) {
                rethrow(e);
            }
            return nanos;
        };
    }

    public static long loop(int times, Once once) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            once.run();
        }
        return System.nanoTime() - start;
    }

    public static long await(Callable<Long> body) throws Exception {
        Throwable[] thrown = new Throwable[1];
        long[] result = new long[1];
        Thread thread =
                Thread.startVirtualThread(() -> {
                    try {
                        result[0] = body.call();
                    } catch (Throwable e) {
                        thrown[0] = e;
                    }
                });
        thread.join();
        rethrow(thrown[0]);
        return result[0];
    }

    private static void rethrow(Throwable thrown) throws Exception {
        if (thrown instanceof Error e) {
            throw e;
        }
        if (thrown instanceof Exception e) {
            throw e;
        }
    }
}
