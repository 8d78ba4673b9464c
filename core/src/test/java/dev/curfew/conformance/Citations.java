package dev.curfew.conformance;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import dev.curfew.testing.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * All that tests cite, read from their sources: those of every module, whichever of them has been
 * compiled.
 */
final class Citations {
    private Citations() {}

    static List<Citation> under(Path root) throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(root, 20)) {
            sources =
                    files.filter(f -> f.toString().endsWith(".java"))
                            .filter(f -> f.toString().contains("/src/test/java/"))
                            .filter(f -> !f.toString().contains("/target/"))
                            .sorted()
                            .toList();
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        List<Citation> found = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(sources));
            for (CompilationUnitTree unit : task.parse()) {
                new Reader(found).scan(unit, null);
            }
        }
        found.sort(Comparator.comparing(Citation::test));
        return found;
    }

    private static final class Reader extends TreeScanner<Void, Void> {
        private final List<Citation> found;
        private String className = "";

        Reader(List<Citation> found) {
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            if (annotation(tree.getModifiers(), "Disabled").isPresent()) {
                return null;
            }
            String outer = className;
            className =
                    outer.isEmpty()
                            ? "" + tree.getSimpleName()
                            : outer + "." + tree.getSimpleName();
            note(className, tree.getModifiers(), List.of());
            super.visitClass(tree, null);
            className = outer;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void unused) {
            boolean takesKind =
                    tree.getParameters().stream().anyMatch(p -> (p.getType() + "").equals("Kind"));
            note(
                    className + "." + tree.getName(),
                    tree.getModifiers(),
                    takesKind ? kinds(tree.getModifiers()) : List.of());
            return super.visitMethod(tree, null);
        }

        private void note(String test, ModifiersTree modifiers, List<String> kinds) {
            if (annotation(modifiers, "Disabled").isEmpty()) {
                annotation(modifiers, "Conformance")
                        .ifPresent(a -> found.add(new Citation(test, strings(a, "value"), kinds)));
            }
        }

        private static List<String> kinds(ModifiersTree modifiers) {
            List<String> all = Arrays.stream(Kind.values()).map(Kind::name).toList();
            List<String> named =
                    annotation(modifiers, "EnumSource")
                            .map(a -> strings(a, "names"))
                            .orElse(List.of());
            return named.isEmpty() ? all : all.stream().filter(named::contains).toList();
        }

        private static Optional<? extends AnnotationTree> annotation(
                ModifiersTree modifiers, String name) {
            return modifiers.getAnnotations().stream()
                    .filter(a -> (a.getAnnotationType() + "").equals(name))
                    .findFirst();
        }

        private static List<String> strings(AnnotationTree annotation, String member) {
            List<String> result = new ArrayList<>();
            for (ExpressionTree argument : annotation.getArguments()) {
                boolean named = argument instanceof AssignmentTree;
                String name = named ? ((AssignmentTree) argument).getVariable() + "" : "value";
                if (name.equals(member)) {
                    new TreeScanner<Void, Void>() {
                        @Override
                        public Void visitLiteral(LiteralTree literal, Void unused) {
                            result.add(literal.getValue() + "");
                            return null;
                        }
                    }.scan(argument, null);
                }
            }
            return result;
        }
    }
}
