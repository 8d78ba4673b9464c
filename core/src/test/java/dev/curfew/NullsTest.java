package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.inspect.TaskTree;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Conformance;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every public method and constructor of both packages, with null in the place of each argument.
 */
class NullsTest {
    private final Map<Class<?>, Object> samples = new HashMap<>();

    @Test
    @Conformance("CU03")
    void nullIsRefusedByNameAndHarmsNothing() throws Exception {
        List<String> wrong = new ArrayList<>();
        int[] tried = new int[1];
        try (var _ =
                dev.curfew.internal.report.Reports.capture(
                        (id, message, problem) -> wrong.add(id + ": " + message))) {
            TaskGroup.run(group -> {
                CountDownLatch mayEnd = new CountDownLatch(1);
                Task<?> task = group.fork(() -> Blocked.await(mayEnd));
                ServiceGroup service = ServiceGroup.open("nulls");
                var unused =
                        CancelScope.run(scope -> {
                            fill(group, task, service, scope);
                            for (Class<?> type : publicTypes()) {
                                for (Executable executable : executables(type)) {
                                    tried[0] += tryNulls(type, executable, wrong);
                                }
                            }
                            assertThat(scope.isCancelled()).isFalse();
                            CancelScope.checkpoint();
                        });
                assertThat(task.state()).isEqualTo(Task.State.RUNNING);
                assertThat(task.cancelling()).isZero();
                assertThat(group.tasks()).hasSize(1);
                assertThat(group.reason()).isEmpty();
                assertThat(service.tasks()).isEmpty();
                assertThat(service.reason()).isEmpty();
                mayEnd.countDown();
                service.close();
            });
        }
        assertThat(wrong).isEmpty();
        assertThat(tried[0]).isGreaterThan(50);
    }

    private void fill(TaskGroup group, Task<?> task, ServiceGroup service, CancelScope scope) {
        CancelReason reason =
                CancelReason.of(CancelReason.Kind.REQUESTED, "", null, "test", null, null);
        samples.put(TaskGroup.class, group);
        samples.put(Task.class, task);
        samples.put(ServiceGroup.class, service);
        samples.put(CancelScope.class, scope);
        samples.put(Config.class, Config.blockDefaults());
        samples.put(CancelReason.class, reason);
        samples.put(Deadline.class, Deadline.never());
        samples.put(
                TaskFailedException.class,
                new TaskFailedException(task, List.of(new IllegalStateException("sample"))));
        samples.put(Duration.class, Duration.ofSeconds(1));
        samples.put(TaskTree.class, TaskTree.snapshot());
        samples.put(java.util.Collection.class, List.of());
        samples.put(List.class, List.of());
        samples.put(java.util.SequencedSet.class, new java.util.LinkedHashSet<>());
        samples.put(Instant.class, Instant.now());
        samples.put(List.class, List.of());
        samples.put(String.class, "sample");
        samples.put(Class.class, IllegalStateException.class);
        samples.put(Throwable.class, new IllegalStateException("sample"));
        samples.put(ThreadFactory.class, Thread.ofVirtual().factory());
        for (FailurePolicy policy : FailurePolicy.values()) {
            samples.put(FailurePolicy.class, policy);
        }
    }

    private static List<Class<?>> publicTypes() throws Exception {
        Path classes =
                Path.of(Task.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<Class<?>> types = new ArrayList<>();
        for (String packageName : List.of("dev.curfew", "dev.curfew.inspect")) {
            try (Stream<Path> files = Files.list(classes.resolve(packageName.replace('.', '/')))) {
                for (Path file : files.sorted().toList()) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".class") && !name.equals("package-info.class")) {
                        Class<?> type =
                                Class.forName(packageName + "." + name.replace(".class", ""));
                        if (isPublic(type)) {
                            types.add(type);
                        }
                    }
                }
            }
        }
        return types;
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return Modifier.isPublic(type.getModifiers())
                && !type.isAnnotation()
                && (outer == null || isPublic(outer));
    }

    private static List<Executable> executables(Class<?> type) {
        boolean madeByTheLibraryAlone =
                type.isRecord() && type.getPackageName().equals("dev.curfew.inspect");
        boolean implementedByUsers = type.isInterface() && !type.isSealed();
        return Stream.concat(
                        Arrays.stream(type.getDeclaredMethods()),
                        Arrays.stream(type.getDeclaredConstructors()))
                .filter(e -> Modifier.isPublic(e.getModifiers()) && !e.isSynthetic())
                .filter(e -> !implementedByUsers || Modifier.isStatic(e.getModifiers()))
                .filter(e -> !madeByTheLibraryAlone || e instanceof Method)
                .filter(e -> !e.getName().equals("equals") && !type.isEnum())
                .toList();
    }

    /** Returns how many calls were made. */
    private int tryNulls(Class<?> type, Executable executable, List<String> wrong)
            throws Exception {
        Parameter[] parameters = executable.getParameters();
        int tried = 0;
        for (int i = 0; i < parameters.length; i++) {
            if (!refusesNull(parameters[i])) {
                continue;
            }
            Object[] arguments = new Object[parameters.length];
            for (int j = 0; j < parameters.length; j++) {
                arguments[j] = i == j ? null : sample(parameters[j].getType());
            }
            String what = executable + ", " + parameters[i].getName() + " = null: ";
            try {
                if (executable instanceof Method method) {
                    boolean isStatic = Modifier.isStatic(method.getModifiers());
                    method.invoke(isStatic ? null : sample(type), arguments);
                } else {
                    ((java.lang.reflect.Constructor<?>) executable).newInstance(arguments);
                }
                wrong.add(what + "accepted");
            } catch (InvocationTargetException e) {
                Throwable thrown = e.getCause();
                if (!(thrown instanceof NullPointerException)
                        || !parameters[i].getName().equals(thrown.getMessage())) {
                    wrong.add(what + thrown);
                }
            }
            tried++;
        }
        return tried;
    }

    private static boolean refusesNull(Parameter parameter) {
        if (parameter.getType().isPrimitive()
                || parameter.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            return false;
        }
        return !(parameter.getParameterizedType() instanceof TypeVariable<?> variable
                && variable.getAnnotatedBounds()[0].isAnnotationPresent(Nullable.class));
    }

    private @Nullable Object sample(Class<?> type) {
        Object sample = samples.get(type);
        if (sample != null) {
            return sample;
        }
        if (type.isPrimitive()) {
            return type == boolean.class ? (Object) false : (Object) 1;
        }
        if (type == Object.class) {
            return "sample";
        }
        assertThat(type.isInterface() && !type.isSealed())
                .as("a sample of %s is needed: add one to NullsTest.fill", type)
                .isTrue();
        return Proxy.newProxyInstance(
                NullsTest.class.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) ->
                        method.getReturnType() == Object.class && arguments != null
                                ? arguments[0]
                                : null);
    }

    @Test
    void theTestWouldSeeAMethodThatAcceptsNull() throws Exception {
        List<String> wrong = new ArrayList<>();
        fill2();
        assertThat(tryNulls(NullsTest.class, careless(), wrong)).isEqualTo(1);
        assertThat(wrong).hasSize(1);
        assertThatThrownBy(() -> sample(Thread.class)).isInstanceOf(AssertionError.class);
    }

    private void fill2() {
        samples.put(NullsTest.class, this);
    }

    private static Method careless() throws NoSuchMethodException {
        return NullsTest.class.getDeclaredMethod("careless", String.class);
    }

    public static void careless(String name) {}
}
