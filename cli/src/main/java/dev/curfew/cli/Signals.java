package dev.curfew.cli;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/**
 * Has signals told to us instead of ending the JVM. By reflection: the JDK's signal handling is
 * unsupported API, and compiling against it warns.
 */
final class Signals {
    private Signals() {}

    /** Those of the given names that this process does not ignore (as under {@code nohup}). */
    static void handle(IntConsumer handler, String... names) {
        long ignored = ignored();
        for (String name : names) {
            try {
                Class<?> signal = Class.forName("sun.misc.Signal");
                Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
                Object instance = signal.getConstructor(String.class).newInstance(name);
                int number = (int) signal.getMethod("getNumber").invoke(instance);
                if ((ignored & 1L << (number - 1)) != 0) {
                    continue;
                }
                Object proxy =
                        Proxy.newProxyInstance(
                                Signals.class.getClassLoader(),
                                new Class<?>[] {handlerType},
                                (self, method, args) ->
                                        switch (method.getName()) {
                                            case "handle" -> {
                                                handler.accept(number);
                                                yield null;
                                            }
                                            case "hashCode" -> System.identityHashCode(self);
                                            case "equals" -> self == args[0];
                                            default -> "signal handler";
                                        });
                signal.getMethod("handle", signal, handlerType).invoke(null, instance, proxy);
            } catch (ReflectiveOperationException e) {
                System.err.println(
                        "curfew: SIG"
                                + name
                                + " cannot be handled by this JVM, and ends it at once");
            }
        }
    }

    private static long ignored() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("SigIgn:")) {
                    return Long.parseUnsignedLong(line.substring(7).trim(), 16);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // then nothing counts as ignored
        }
        return 0;
    }
}
