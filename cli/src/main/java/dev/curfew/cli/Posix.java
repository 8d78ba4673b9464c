package dev.curfew.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The system calls that {@code run} needs, of Linux, by the Foreign Function and Memory API. */
final class Posix {
    static final int SIGHUP = 1;
    static final int SIGINT = 2;
    static final int SIGKILL = 9;
    static final int SIGPIPE = 13;
    static final int SIGTERM = 15;
    static final int SIGCONT = 18;
    static final int SIGSTOP = 19;

    static final int EINTR = 4;
    static final int ECHILD = 10;

    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_RDONLY = 0;
    private static final short SETPGROUP_SIGDEF_SIGMASK = 0x02 | 0x04 | 0x08;
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int WEXITED = 4;
    private static final int WNOHANG = 1;
    private static final int WNOWAIT = 0x1000000;
    private static final int CLD_EXITED = 1;

    /** Larger than any libc's {@code posix_spawnattr_t}, {@code siginfo_t} and {@code sigset_t}. */
    private static final int STRUCT = 1024;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle PRCTL =
            call("prctl", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle KILL = call("kill", JAVA_INT, JAVA_INT);
    private static final MethodHandle WAITID =
            call("waitid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle PIPE2 = call("pipe2", ADDRESS, JAVA_INT);
    private static final MethodHandle READ = callLong("read", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle CLOSE = call("close", JAVA_INT);
    private static final MethodHandle SPAWN =
            call("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle ACTIONS_INIT = call("posix_spawn_file_actions_init", ADDRESS);
    private static final MethodHandle ACTIONS_OPEN =
            call(
                    "posix_spawn_file_actions_addopen",
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_INT);
    private static final MethodHandle ACTIONS_DUP2 =
            call("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACTIONS_DESTROY =
            call("posix_spawn_file_actions_destroy", ADDRESS);
    private static final Optional<MethodHandle> ACTIONS_CLOSE_FROM =
            find("posix_spawn_file_actions_addclosefrom_np", JAVA_INT, ADDRESS, JAVA_INT);
    private static final Optional<MethodHandle> ACTIONS_CHDIR =
            find("posix_spawn_file_actions_addchdir_np", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle ISATTY = call("isatty", JAVA_INT);
    private static final MethodHandle ATTR_INIT = call("posix_spawnattr_init", ADDRESS);
    private static final MethodHandle ATTR_FLAGS =
            call("posix_spawnattr_setflags", ADDRESS, java.lang.foreign.ValueLayout.JAVA_SHORT);
    private static final MethodHandle ATTR_SIGDEF =
            call("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);
    private static final MethodHandle ATTR_SIGMASK =
            call("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
    private static final MethodHandle ATTR_DESTROY = call("posix_spawnattr_destroy", ADDRESS);
    private static final MethodHandle SIGEMPTYSET = call("sigemptyset", ADDRESS);
    private static final MethodHandle SIGADDSET = call("sigaddset", ADDRESS, JAVA_INT);

    private Posix() {}

    /** How a process ended: what it exited with, or 128 and the signal that killed it. */
    record Exit(int pid, int code, boolean signalled) {}

    /** The two ends of a pipe. */
    record Pipe(int readEnd, int writeEnd) {}

    private static MethodHandle call(String name, MemoryLayout... args) {
        return find(name, JAVA_INT, args).orElseThrow();
    }

    private static MethodHandle callLong(String name, MemoryLayout... args) {
        return find(name, JAVA_LONG, args).orElseThrow();
    }

    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> find(
            String name, MemoryLayout result, MemoryLayout... args) {
        Linker.Option[] options =
                name.equals("prctl")
                        ? new Linker.Option[] {
                            Linker.Option.captureCallState("errno"),
                            Linker.Option.firstVariadicArg(1)
                        }
                        : new Linker.Option[] {Linker.Option.captureCallState("errno")};
        return LINKER.defaultLookup()
                .find(name)
                .map(symbol ->
                        LINKER.downcallHandle(
                                symbol, FunctionDescriptor.of(result, args), options));
    }

    /** The result of a call, or minus its errno. */
    private static long invoke(MethodHandle call, Object... args) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            Object[] all = new Object[args.length + 1];
            all[0] = state;
            System.arraycopy(args, 0, all, 1, args.length);
            long result = ((Number) call.invokeWithArguments(all)).longValue();
            return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Orphans among our descendants become our children from now on. */
    static boolean becomeSubreaper() {
        return invoke(PRCTL, PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) == 0;
    }

    /**
     * Sends a signal.
     *
     * @param pid a process, or a process group if negative
     * @return false if there is none, or not ours to signal
     */
    static boolean kill(int pid, int signal) {
        return invoke(KILL, pid, signal) == 0;
    }

    static Pipe pipe() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            long result = invoke(PIPE2, ends, O_CLOEXEC);
            if (result < 0) {
                throw new IOException("no pipe can be made (errno " + -result + ")");
            }
            return new Pipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
        }
    }

    /** Reads what there is, waiting for it; -1 at the end. Blocks its thread. */
    static int read(int fd, MemorySegment buffer) throws IOException {
        for (; ; ) {
            long n = invoke(READ, fd, buffer, buffer.byteSize());
            if (n == -EINTR) {
                continue;
            }
            if (n < 0) {
                throw new IOException("reading a command's output failed (errno " + -n + ")");
            }
            return n == 0 ? -1 : (int) n;
        }
    }

    static boolean isTerminal(int fd) {
        return invoke(ISATTY, fd) == 1;
    }

    static void close(int fd) {
        invoke(CLOSE, fd);
    }

    /**
     * Starts a process in a process group of its own, with nothing to read and no descriptors but
     * the two given.
     *
     * @param directory its working directory; null for ours
     */
    static int spawn(
            List<String> argv,
            List<String> environment,
            @Nullable String directory,
            int stdout,
            int stderr)
            throws IOException {
        if (directory != null && ACTIONS_CHDIR.isEmpty()) {
            throw new IOException("this libc cannot start a process in another directory");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(STRUCT, 16);
            MemorySegment attributes = arena.allocate(STRUCT, 16);
            MemorySegment signals = arena.allocate(STRUCT, 16);
            MemorySegment pid = arena.allocate(JAVA_INT);
            invoke(ACTIONS_INIT, actions);
            invoke(ACTIONS_OPEN, actions, 0, arena.allocateFrom("/dev/null"), O_RDONLY, 0);
            invoke(ACTIONS_DUP2, actions, stdout, 1);
            invoke(ACTIONS_DUP2, actions, stderr, 2);
            if (directory != null) {
                invoke(ACTIONS_CHDIR.orElseThrow(), actions, arena.allocateFrom(directory));
            }
            ACTIONS_CLOSE_FROM.ifPresent(closeFrom -> invoke(closeFrom, actions, 3));
            invoke(ATTR_INIT, attributes);
            invoke(ATTR_FLAGS, attributes, SETPGROUP_SIGDEF_SIGMASK);
            invoke(SIGEMPTYSET, signals);
            invoke(ATTR_SIGMASK, attributes, signals);
            for (int signal : new int[] {SIGHUP, SIGINT, 3, SIGPIPE, SIGTERM}) {
                invoke(SIGADDSET, signals, signal);
            }
            invoke(ATTR_SIGDEF, attributes, signals);
            long error =
                    invoke(
                            SPAWN,
                            pid,
                            arena.allocateFrom(argv.getFirst()),
                            actions,
                            attributes,
                            strings(arena, argv),
                            strings(arena, environment));
            invoke(ATTR_DESTROY, attributes);
            invoke(ACTIONS_DESTROY, actions);
            if (error != 0) {
                throw new IOException(
                        "cannot start " + argv.getFirst() + " (errno " + Math.abs(error) + ")");
            }
            return pid.get(JAVA_INT, 0);
        }
    }

    private static MemorySegment strings(Arena arena, List<String> strings) {
        MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
        }
        return array;
    }

    /**
     * Waits until a child has ended, and leaves it a zombie, so that its process id and group stay
     * its own until {@link #reapAny}. Blocks its thread.
     */
    static Exit awaitExit(int pid) {
        return wait(P_PID, pid, WEXITED | WNOWAIT).orElseThrow();
    }

    /** Waits for any child to end and reaps it; empty if there is no child. Blocks its thread. */
    static Optional<Exit> reapAny() {
        return wait(P_ALL, 0, WEXITED);
    }

    /** Reaps a child that has ended; empty if none has. */
    static Optional<Exit> reapEnded() {
        return wait(P_ALL, 0, WEXITED | WNOHANG);
    }

    private static Optional<Exit> wait(int kind, int id, int options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(STRUCT, 16);
            for (; ; ) {
                long result = invoke(WAITID, kind, id, info, options);
                if (result == -EINTR) {
                    continue;
                }
                int pid = info.get(JAVA_INT, 16);
                if (result < 0 || pid == 0) {
                    return Optional.empty();
                }
                boolean exited = info.get(JAVA_INT, 8) == CLD_EXITED;
                int status = info.get(JAVA_INT, 24);
                return Optional.of(new Exit(pid, exited ? status : 128 + status, !exited));
            }
        }
    }
}
