package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public API is what {@code api.txt} says: every exported type with its public and protected
 * members, as {@code javap} prints them. So a change of the API is seen in review.
 */
class ApiTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path RECORDED = Path.of("api.txt");
    private static final String ACCEPT = "curfew.api.accept";

    @Test
    void thePublicApiIsTheRecordedOne() throws Exception {
        String api = api();
        if (Boolean.getBoolean(ACCEPT)) {
            Files.writeString(RECORDED, api);
        }
        assertThat(api)
                .as(
                        "the public API has changed; if that is meant, run \"./build -o -pl core"
                                + " test -Dtest=ApiTest -Dtest.jvm.options=-D%s=true\" and commit"
                                + " core/api.txt",
                        ACCEPT)
                .isEqualTo(Files.exists(RECORDED) ? Files.readString(RECORDED) : "");
    }

    private static String api() throws Exception {
        List<String> options = new ArrayList<>(List.of("-protected", "-constants"));
        for (Path file : exported()) {
            if (visible(type(file))) {
                options.add(file.toString());
            }
        }
        StringWriter out = new StringWriter();
        int code =
                ToolProvider.findFirst("javap")
                        .orElseThrow()
                        .run(
                                new PrintWriter(out),
                                new PrintWriter(out),
                                options.toArray(String[]::new));
        assertThat(code).as(out.toString()).isZero();
        return Stream.of(out.toString().split("Compiled from .*\\R"))
                .filter(type -> !type.isBlank())
                .map(ApiTest::sorted)
                .collect(Collectors.joining("\n"));
    }

    /** The class files of the packages that the module exports. */
    private static List<Path> exported() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : packages()) {
            try (Stream<Path> in = Files.list(CLASSES.resolve(name.replace('.', '/')))) {
                in.filter(f -> f.toString().endsWith(".class")).sorted().forEach(files::add);
            }
        }
        return files;
    }

    private static List<String> packages() throws IOException {
        try (var in = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
            return ModuleDescriptor.read(in).exports().stream()
                    .filter(e -> !e.isQualified())
                    .map(e -> e.source())
                    .sorted()
                    .toList();
        }
    }

    private static Class<?> type(Path file) throws ClassNotFoundException {
        String name = CLASSES.relativize(file).toString();
        return Class.forName(
                name.substring(0, name.length() - ".class".length()).replace('/', '.'),
                false,
                ApiTest.class.getClassLoader());
    }

    private static boolean visible(Class<?> type) {
        return !type.isAnonymousClass()
                && !type.isLocalClass()
                && (Modifier.isPublic(type.getModifiers())
                        || Modifier.isProtected(type.getModifiers()))
                && (type.getEnclosingClass() == null || visible(type.getEnclosingClass()));
    }

    /** A type with its members sorted: their order in the source says nothing. */
    private static String sorted(String type) {
        List<String> lines = type.lines().filter(l -> !l.isBlank()).toList();
        List<String> members = new ArrayList<>(lines.subList(1, lines.size() - 1));
        members.sort(null);
        return lines.getFirst() + "\n" + String.join("\n", members) + "\n}\n";
    }
}
