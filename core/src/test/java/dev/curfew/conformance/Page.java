package dev.curfew.conformance;

import dev.curfew.testing.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** docs/conformance.md. */
final class Page {
    private static final String HEAD =
            """
            # Conformance

            What a library for tasks that can be cancelled and awaited has to do, case by case, and the test that shows it.
            Generated from `conformance-ids.tsv`, `conformance-open.tsv` and the `@Conformance` annotations of the tests;
            the build fails when this page is out of date or a row has nothing to show. To write it anew:

                ./build -q -pl core test -Dtest=ConformanceTest -Dconformance.write=true

            Threads: *virtual* and *platform* are tasks on such threads, *foreign* is a thread that the library did not start.
            "default" is a test that does not vary the thread: its blocks and scopes run on a thread that the library did not
            start, its tasks on virtual threads.
            """;

    private Page() {}

    static String of(Map<String, String> rows, Map<String, String> open, List<Citation> citations) {
        StringBuilder page = new StringBuilder(HEAD);
        long shown = rows.keySet().stream().filter(id -> !open.containsKey(id)).count();
        page.append("\n%d rows, %d shown, %d open.\n".formatted(rows.size(), shown, open.size()));
        Catalogue.areas()
                .forEach((area, title) -> {
                    page.append("\n## %s: %s\n\n".formatted(area, title));
                    page.append("| id | what holds | shown by | threads |\n|---|---|---|---|\n");
                    rows.forEach((id, text) -> {
                        if (id.startsWith(area)) {
                            page.append(row(id, text, open.get(id), citations));
                        }
                    });
                });
        page.append("\n## What cannot be written\n\nA test shows that none of this compiles.\n");
        for (CannotBeWritten code : CannotBeWritten.values()) {
            page.append("\n### %s\n\n%s\n\n".formatted(title(code), code.why));
            code.snippet.lines().forEach(l -> page.append("    ").append(l).append('\n'));
            page.append(
                    "\nRows: %s. javac: `%s`.\n"
                            .formatted(String.join(", ", code.ids), code.error));
        }
        return page.toString();
    }

    private static String row(String id, String text, String whyOpen, List<Citation> citations) {
        List<Citation> tests = citations.stream().filter(c -> c.ids().contains(id)).toList();
        List<String> shownBy = new ArrayList<>();
        tests.forEach(c -> shownBy.add("`" + c.test() + "`"));
        for (CannotBeWritten code : CannotBeWritten.values()) {
            if (code.ids.contains(id)) {
                shownBy.add("cannot be written: " + title(code));
            }
        }
        if (whyOpen != null) {
            shownBy.add("open: " + whyOpen);
        }
        return "| %s | %s | %s | %s |\n"
                .formatted(id, text, String.join("<br>", shownBy), threads(tests));
    }

    private static String threads(List<Citation> tests) {
        if (tests.isEmpty()) {
            return "";
        }
        String kinds =
                Arrays.stream(Kind.values())
                        .map(Kind::name)
                        .filter(k -> tests.stream().anyMatch(c -> c.kinds().contains(k)))
                        .map(k -> k.toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        return kinds.isEmpty() ? "default" : kinds;
    }

    private static String title(CannotBeWritten code) {
        return code.name().toLowerCase(Locale.ROOT).replace("_", " ").replace("ones", "one's");
    }
}
