package dev.curfew;

import dev.curfew.testing.Blocked;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** Main programs, each for a JVM of its own. */
final class RunnerPrograms {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    private RunnerPrograms() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "returns" -> Runner.main(_ -> say("done"));
            case "leavesThread" ->
                    Runner.main(_ -> Thread.ofPlatform().start(RunnerPrograms::blockForGood));
            case "fails" ->
                    Runner.main(_ -> {
                        throw new IOException("the disk is full");
                    });
            case "failsBadly" ->
                    Runner.main(_ -> {
                        throw new StackOverflowError("too deep");
                    });
            case "taskFails" -> taskFails();
            case "code" -> System.exit(Runner.call(_ -> 42));
            case "waits" -> Runner.main(patience(LONG), RunnerPrograms::bodyAndTaskCleanUp);
            case "cancelledByHand" -> Runner.main(patience(LONG), RunnerPrograms::cancelsItself);
            case "shieldedForGood" -> Runner.main(patience(SHORT), RunnerPrograms::shielded);
            case "failsWhileStopping" ->
                    Runner.main(patience(LONG), RunnerPrograms::failsWhileStopping);
            case "suppressesWhileStopping" ->
                    Runner.main(patience(LONG), RunnerPrograms::suppressesWhileStopping);
            case "exitInBody" ->
                    Runner.main(
                            patience(LONG),
                            group -> {
                                forkWithCleanUp(group, "task");
                                System.exit(3);
                            });
            case "exitInTask" -> Runner.main(patience(LONG), RunnerPrograms::exitInTask);
            case "exitInCleanUp" ->
                    Runner.main(
                            patience(LONG),
                            group -> {
                                forkWithCleanUp(group, "task");
                                say("ready");
                                try {
                                    Blocked.forEver();
                                } catch (InterruptedException e) {
                                    System.exit(5);
                                }
                            });
            case "exitOutside" -> exitOutside();
            case "handlerExits" -> {
                Thread.setDefaultUncaughtExceptionHandler((_, problem) -> {
                    say("told " + problem.getMessage());
                    System.exit(7);
                });
                Runner.main(
                        patience(LONG),
                        _ -> {
                            throw new IOException("the disk is full");
                        });
            }
            case "handlerThrows" -> {
                Thread.setDefaultUncaughtExceptionHandler((_, _) -> {
                    throw new IllegalStateException("handler is broken");
                });
                Runner.main(_ -> {
                    throw new IOException("the disk is full");
                });
            }
            case "tooLate" -> tooLate();
            case "beginsLate" -> beginsLate();
            case "errIsFull" -> Runner.main(patience(SHORT), RunnerPrograms::fillErr);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static UnaryOperator<Config> patience(Duration time) {
        return config -> config.withPatience(time);
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private static void blockForGood() {
        while (true) {
            LockSupport.park();
        }
    }

    private static Task<?> forkWithCleanUp(TaskGroup group, String name)
            throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Task<?> task =
                group.fork(
                        name,
                        () -> {
                            started.countDown();
                            cleanUpAfter(name, Blocked::forEver);
                        });
        Blocked.await(started);
        return task;
    }

    private static void cleanUpAfter(String name, VoidWork<RuntimeException> work)
            throws InterruptedException {
        try {
            work.run();
        } catch (CancelledException e) {
            say(name + " told " + e.reason().kind() + " " + e.reason().message());
            throw e;
        } finally {
            CancelScope.shield(() -> CancelScope.sleep(Duration.ofMillis(100)));
            say(name + " cleaned up");
        }
    }

    private static void taskFails() {
        Runner.main(group -> {
            forkWithCleanUp(group, "sibling");
            group.fork(
                    "broken",
                    () -> {
                        throw new IOException("no route");
                    });
            cleanUpAfter("main", Blocked::forEver);
        });
    }

    private static void bodyAndTaskCleanUp(TaskGroup group) throws InterruptedException {
        forkWithCleanUp(group, "task");
        say("ready");
        cleanUpAfter("main", () -> CancelScope.sleep(LONG));
    }

    private static void cancelsItself(TaskGroup group) throws InterruptedException {
        group.cancel("had enough");
        try {
            CancelScope.sleep(LONG);
        } finally {
            say("ready");
            awaitTheHook();
            say(Thread.interrupted() ? "disturbed" : "undisturbed");
            say(group.reason().orElseThrow().kind().toString());
        }
    }

    /** Until the JVM is ending, and the program was cancelled for it. */
    private static void awaitTheHook() {
        Optional<Thread> hook = Optional.empty();
        while (hook.isEmpty()) {
            LockSupport.parkNanos(1_000_000);
            hook =
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().equals("curfew-shutdown"))
                            .findFirst();
        }
        Blocked.await(hook.get());
    }

    private static void shielded(TaskGroup group) throws InterruptedException {
        group.fork("polite", () -> Blocked.forEver());
        group.fork("stubborn", RunnerPrograms::blockForGood);
        CancelScope.shield(() -> {
            say("ready");
            Blocked.forEver();
        });
    }

    private static void failsWhileStopping(TaskGroup group) throws InterruptedException {
        say("ready");
        try {
            Blocked.forEver();
        } finally {
            CancelScope.shield(() -> CancelScope.sleep(Duration.ofMillis(100)));
            throwUnchecked();
        }
    }

    private static void throwUnchecked() {
        throw new IllegalStateException("cannot save");
    }

    private static void suppressesWhileStopping(TaskGroup group) throws Exception {
        Closeable broken =
                () -> {
                    throw new IOException("cannot flush");
                };
        try (broken) {
            say("ready");
            Blocked.forEver();
        }
    }

    private static void exitInTask(TaskGroup group) throws InterruptedException {
        forkWithCleanUp(group, "sibling");
        group.fork(
                "quitter",
                () -> {
                    TaskGroup.run(inner -> {
                        forkWithCleanUp(inner, "inner");
                        inner.fork("quits", () -> System.exit(4));
                    });
                    say("never");
                });
        cleanUpAfter("main", Blocked::forEver);
    }

    private static void exitOutside() {
        Runner.main(
                patience(LONG),
                group -> {
                    forkWithCleanUp(group, "task");
                    Thread.ofPlatform().start(() -> System.exit(6));
                    cleanUpAfter("main", () -> CancelScope.sleep(LONG));
                });
    }

    private static void tooLate() {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            try {
                                Runner.run(_ -> say("ran"));
                            } catch (IllegalStateException e) {
                                say(e.getMessage());
                            }
                        }));
        System.exit(0);
    }

    /** The JVM is told to end before the body's thread has begun. */
    private static void beginsLate() {
        Runner.main(
                config ->
                        config.withPatience(LONG)
                                .withThreadFactory(task ->
                                        new Thread(() -> {
                                            say("ready");
                                            awaitTheHook();
                                            task.run();
                                        })),
                group -> {
                    say("begun");
                    cleanUpAfter("main", () -> CancelScope.sleep(LONG));
                });
    }

    private static void fillErr(TaskGroup group) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    while (true) {
                        System.err.println("so much to say, and nobody who reads it");
                    }
                });
        say("ready");
        blockForGood();
    }
}
