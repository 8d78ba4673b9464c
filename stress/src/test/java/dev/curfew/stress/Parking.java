package dev.curfew.stress;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.Objects;
import org.jetbrains.lincheck.Lincheck;

/**
 * Lincheck has every call of {@code LockSupport.park} return at once, as if without reason. So a
 * wait runs round, and a lost wake-up does not show. This has a scenario's threads stay parked
 * until they are woken, by its own switch, which it does not publish: Lincheck 3.7.
 */
final class Parking {
    private Parking() {}

    /** Initialized outside scenarios. */
    private static final class Switch {
        static final MethodHandle STRICT = strict();
    }

    private static MethodHandle strict() {
        Lincheck.runConcurrentTest(1, () -> {}); // loads what is looked up here
        try {
            String managed = "org.jetbrains.kotlinx.lincheck.strategy.managed.";
            Class<?> descriptor = Class.forName("sun.nio.ch.lincheck.ThreadDescriptor");
            Class<?> strategy = Class.forName(managed + "modelchecking.ModelCheckingStrategy");
            Class<?> parking = Class.forName(managed + "modelchecking.ModelCheckingParkingTracker");
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle current =
                    lookup.findStatic(
                            descriptor,
                            "getCurrentThreadDescriptor",
                            MethodType.methodType(descriptor));
            MethodHandle tracker =
                    lookup.unreflect(descriptor.getMethod("getEventTracker"))
                            .asType(MethodType.methodType(strategy, descriptor));
            Field field = strategy.getDeclaredField("parkingTracker");
            field.setAccessible(true);
            MethodHandle read =
                    lookup.unreflectGetter(field).asType(MethodType.methodType(parking, strategy));
            Field spurious = parking.getDeclaredField("allowSpuriousWakeUps");
            spurious.setAccessible(true);
            MethodHandle set =
                    MethodHandles.insertArguments(lookup.unreflectSetter(spurious), 1, false);
            return MethodHandles.filterReturnValue(
                    MethodHandles.filterReturnValue(
                            MethodHandles.filterReturnValue(current, tracker), read),
                    set);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** To be called before a scenario is explored. */
    static void load() {
        Objects.requireNonNull(Switch.STRICT);
    }

    /** First thing in a scenario: from now on whoever parks has to be woken. */
    static void isStrict() {
        try {
            Switch.STRICT.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
