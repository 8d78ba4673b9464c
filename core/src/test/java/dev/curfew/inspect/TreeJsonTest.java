package dev.curfew.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.curfew.CancelScope;
import dev.curfew.ServiceGroup;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.testing.Blocked;
import dev.curfew.testing.Slow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

@Timeout(60)
class TreeJsonTest {
    private static List<Error> errors(String json) throws Exception {
        Schema schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(Files.readString(Path.of("../docs/tree.schema.json")));
        return schema.validate(json, InputFormat.JSON);
    }

    private static JsonNode entry(String json, Task<?> task) throws Exception {
        JsonNode entries = new ObjectMapper().readTree(json).get("entries");
        return StreamSupport.stream(entries.spliterator(), false)
                .filter(e -> e.get("id").asString().equals(Long.toString(task.id())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theJsonOfATreeWithEverythingInItIsOfTheDocumentedSchema() throws Exception {
        Slow slow = new Slow();
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch in = new CountDownLatch(2);
        ServiceGroup group = ServiceGroup.open("TreeJsonTest");
        Task<?> cleaning = group.fork("quote \" \\ \u0007 \u2028 \ud83d\ude00", slow);
        Task<?> parent =
                group.fork(() -> {
                    TaskGroup.run(inner ->
                            inner.fork(
                                    "joins",
                                    () -> {
                                        in.countDown();
                                        cleaning.join();
                                    }));
                });
        group.fork(
                "shielded",
                () ->
                        CancelScope.withTimeout(
                                Duration.ofMinutes(1),
                                () ->
                                        CancelScope.shield(() -> {
                                            in.countDown();
                                            Blocked.await(mayEnd);
                                        })));
        group.fork("hooked", () -> CancelScope.onCancel(() -> {}, () -> Blocked.await(mayEnd)));
        Blocked.await(in);
        Blocked.await(slow.started);
        cleaning.cancel("because \"x\"\n");
        parent.cancel();
        Blocked.await(slow.cleaning);
        String json;
        do { // the thread that has sent the interrupt may not have said so yet
            json = TaskTree.snapshot().json();
        } while (!entry(json, cleaning).get("state").asString().equals("cleaning-up"));

        assertThat(errors(json)).isEmpty();
        assertThat(errors(TaskTree.snapshot(0).json())).isEmpty();
        JsonNode shown = entry(json, cleaning);
        assertThat(shown.get("name").asString())
                .isEqualTo("quote \" \\ \ufffd \ufffd \ud83d\ude00");
        assertThat(shown.get("cancellation").get("message").asString())
                .isEqualTo("because \"x\"\ufffd");
        assertThat(shown.get("waiting").get("stack").size()).isPositive();
        mayEnd.countDown();
        slow.mayEnd.countDown();
        group.close();
    }

    @Test
    void theSchemaRefusesWhatIsNotInIt() throws Exception {
        assertThat(errors("{\"schema\":\"curfew-tree/1\"}")).isNotEmpty();
        String unknown = TaskTree.snapshot().json().replaceFirst("\"pid\"", "\"pod\"");
        assertThat(errors(unknown)).isNotEmpty();
    }

    @Test
    void theWriterEscapesEveryCharacterThatNeedsIt() throws Exception {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 0x300; c++) {
            all.append(c);
        }
        all.append("\u2028\uffff\ud83d\ude00");
        assertThat(new JsonWriter().value("a ~ b").toString()).isEqualTo("\"a ~ b\"");
        String json = new JsonWriter().begin('[').value(all.toString()).end(']').toString();
        assertThat(json).matches("[ -~]*");
        assertThat(new ObjectMapper().readTree(json).get(0).asString()).isEqualTo(all.toString());
    }
}
