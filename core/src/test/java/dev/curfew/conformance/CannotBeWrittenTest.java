package dev.curfew.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CannotBeWrittenTest {
    @ParameterizedTest
    @EnumSource
    void theSnippetDoesNotCompileAndTheNearestThingDoes(CannotBeWritten code) {
        assertThat(errors(code.snippet)).containsExactly(code.error);
        assertThat(errors(code.twin)).isEmpty();
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
