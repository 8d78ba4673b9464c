package dev.curfew.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every Java block of every page is a region of a sample, word for word, or is marked as code of
 * others. Samples are compiled with the tests, and run by them.
 */
class PagesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path SOURCES = Path.of("src/test/java/dev/curfew/samples");
    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- ([^\n]*) -->\n)?( *)```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SAMPLE = Pattern.compile("sample: (\\w+) ([\\w-]+)");
    private static final Pattern START = Pattern.compile("// @start region=\"([\\w-]+)\"");

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(top, docs).filter(p -> p.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyJavaBlockIsACompiledSampleOrMarkedAsCodeOfOthers(Path page) throws Exception {
        Matcher block = BLOCK.matcher(Files.readString(page));
        while (block.find()) {
            String mark = String.valueOf(block.group(1));
            if (mark.equals("not Curfew code")) {
                continue;
            }
            Matcher sample = SAMPLE.matcher(mark);
            assertThat(sample.matches())
                    .as(
                            "%s: put <!-- sample: File region --> or <!-- not Curfew code --> above"
                                    + " this block:\n%s",
                            page, block.group(3))
                    .isTrue();
            assertThat(block.group(3))
                    .as("%s: %s", page, mark)
                    .isEqualTo(region(sample.group(1), sample.group(2)));
        }
    }

    @Test
    void theReadmeAndTheGuideShowCode() throws Exception {
        for (String page : List.of("README.md", "docs/guide.md", "docs/guide/cancellation.md")) {
            assertThat(Files.readString(ROOT.resolve(page))).contains("```java");
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkToAFileLeadsSomewhere(Path page) throws Exception {
        Matcher link = Pattern.compile("\\]\\((?!\\w+:|#)([^)#]+)").matcher(Files.readString(page));
        while (link.find()) {
            assertThat(page.resolveSibling(link.group(1))).as(page.toString()).exists();
        }
    }

    @Test
    void everySampleIsShownSomewhere() throws Exception {
        StringBuilder text = new StringBuilder();
        for (Path page : pages()) {
            text.append(Files.readString(page));
        }
        try (Stream<Path> main = Files.walk(Path.of("src/main/java"))) {
            for (Path source : main.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(source));
            }
        }
        try (Stream<Path> samples = Files.list(SOURCES)) {
            for (Path file : samples.filter(f -> f.toString().endsWith("Samples.java")).toList()) {
                Matcher start = START.matcher(Files.readString(file));
                String name = file.getFileName().toString().replace(".java", "");
                while (start.find()) {
                    assertThat(text)
                            .containsAnyOf(
                                    "sample: " + name + " " + start.group(1) + " ",
                                    name + ".java\" region=\"" + start.group(1) + "\"");
                }
            }
        }
    }

    private static String region(String file, String name) throws IOException {
        String source = Files.readString(SOURCES.resolve(file + ".java"));
        Matcher region =
                Pattern.compile(
                                "// @start region=\"" + name + "\"\n(.*?)\n *// @end",
                                Pattern.DOTALL)
                        .matcher(source);
        assertThat(region.find()).as(file + " " + name).isTrue();
        return region.group(1).stripTrailing().stripIndent().strip() + "\n";
    }
}
