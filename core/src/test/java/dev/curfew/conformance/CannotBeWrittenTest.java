package dev.curfew.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.CancelScope;
import dev.curfew.Completions;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.Tasks;
import dev.curfew.testing.Conformance;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CannotBeWrittenTest {
    @ParameterizedTest
    @EnumSource
    void theSnippetDoesNotCompileAndTheNearestThingDoes(CannotBeWritten code) {
        assertThat(errors(code.snippet)).containsExactly(code.error);
        assertThat(errors(code.twin)).isEmpty();
    }

    /** The snippet for it shows one wait; these are all, but those that leave it pending. */
    @Test
    @Conformance("CU02")
    void everyWaitThrowsACheckedExceptionForTheWaitersOwnCancellation() {
        Set<String> waits =
                Set.of(
                        "join",
                        "joinWithin",
                        "await",
                        "cancelAndJoin",
                        "cancelAndJoinWithin",
                        "next",
                        "start",
                        "run",
                        "call",
                        "sleep",
                        "checkpoint");
        List<Method> methods = new ArrayList<>();
        for (Class<?> type :
                List.of(
                        Task.class,
                        TaskGroup.class,
                        ServiceGroup.class,
                        CancelScope.class,
                        Completions.class)) {
            publicMethods(type).filter(m -> waits.contains(m.getName())).forEach(methods::add);
        }
        publicMethods(Tasks.class)
                .filter(m -> m.getReturnType() != Completions.class) // a view
                .forEach(methods::add);
        assertThat(methods)
                .allSatisfy(m ->
                        assertThat(m.getExceptionTypes()).contains(InterruptedException.class));
        assertThat(methods).extracting(Method::getName).containsAll(waits);
    }

    private static Stream<Method> publicMethods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()) && !m.isSynthetic());
    }

    private static List<String> errors(String members) {
        DiagnosticCollector<JavaFileObject> collector = new DiagnosticCollector<>();
        var source =
                new SimpleJavaFileObject(
                        URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return "import dev.curfew.*; class Snippet { " + members + " }";
                    }
                };
        ToolProvider.getSystemJavaCompiler()
                .getTask(
                        null,
                        null,
                        collector,
                        List.of(
                                "-proc:none",
                                "-implicit:none",
                                "-XDshould-stop.ifNoError=FLOW",
                                "-cp",
                                System.getProperty("java.class.path")),
                        null,
                        List.of(source))
                .call();
        return collector.getDiagnostics().stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .map(Diagnostic::getCode)
                .toList();
    }
}
