package dev.curfew.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConformanceTest {
    private final Path root = root();
    private final Map<String, String> rows =
            Catalogue.read(root.resolve("docs/conformance-ids.tsv"));
    private final Map<String, String> open =
            Catalogue.read(root.resolve("docs/conformance-open.tsv"));
    private final List<Citation> citations = Citations.under(root);

    ConformanceTest() throws IOException {}

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("docs/conformance-ids.tsv"))) {
            here = here.getParent();
            assertThat(here).as("a directory above with docs/conformance-ids.tsv").isNotNull();
        }
        return here;
    }

    private Set<String> shown() {
        Set<String> shown = new HashSet<>();
        citations.forEach(c -> shown.addAll(c.ids()));
        Arrays.stream(CannotBeWritten.values()).forEach(c -> shown.addAll(c.ids));
        return shown;
    }

    @Test
    void everyRowHasATestOrCannotBeWrittenOrIsListedAsOpen() {
        Set<String> missing = new TreeSet<>(rows.keySet());
        missing.removeAll(shown());
        missing.removeAll(open.keySet());
        assertThat(missing)
                .as("rows that nothing shows: cite them in a test with @Conformance")
                .isEmpty();
    }

    @Test
    void noOpenRowIsShownAndNoTestCitesARowThatThereIsNot() {
        Set<String> closed = new TreeSet<>(open.keySet());
        closed.retainAll(shown());
        assertThat(closed).as("take these out of docs/conformance-open.tsv").isEmpty();
        Set<String> unknown = new TreeSet<>(shown());
        unknown.addAll(open.keySet());
        unknown.removeAll(rows.keySet());
        assertThat(unknown).as("not in docs/conformance-ids.tsv").isEmpty();
    }

    @Test
    void thePageIsUpToDate() throws IOException {
        Path file = root.resolve("docs/conformance.md");
        String page = Page.of(rows, open, citations);
        if (Boolean.getBoolean("conformance.write")) {
            Files.writeString(file, page);
        }
        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as("docs/conformance.md is out of date; the command to write it is in its head")
                .isEqualTo(page);
    }
}
