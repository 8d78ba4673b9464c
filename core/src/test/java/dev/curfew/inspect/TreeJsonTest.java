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

    private static JsonNode entryOf(Sketch sketch) throws Exception {
        String json = Sketch.tree(sketch).json();
        assertThat(errors(json)).isEmpty();
        return new ObjectMapper().readTree(json).get("entries").get(0);
    }

    @Test
    void anEntryHasWhatItsKindHasAndNothingThatIsNot() throws Exception {
        String group = entryOf(Sketch.root(Entry.Kind.GROUP, "1.1").name("g").tasks(2)).toString();
        String service =
                entryOf(Sketch.root(Entry.Kind.SERVICE_GROUP, "s1").awaitedBy("main [1]"))
                        .toString();
        String shield = entryOf(Sketch.root(Entry.Kind.SHIELD, "1.2").shielded()).toString();

        assertThat(group)
                .isEqualTo(
                        "{'id':'1.1','depth':0,'kind':'group','name':'g','state':'running','tasks':2}"
                                .replace('\'', '"'));
        assertThat(service)
                .isEqualTo(
                        "{'id':'s1','depth':0,'kind':'service-group','name':'','state':'running','tasks':0,'awaitedBy':['main [1]']}"
                                .replace('\'', '"'));
        assertThat(shield)
                .isEqualTo(
                        "{'id':'1.2','depth':0,'kind':'shield','name':'','state':'running','shielded':true}"
                                .replace('\'', '"'));
    }

    @Test
    void howLongItTookToTellIsInMicroseconds() throws Exception {
        JsonNode told = entryOf(Sketch.root(Entry.Kind.TASK, "1").age(40).asked("", 3));

        assertThat(told.get("ageMillis").asLong()).isEqualTo(40);
        assertThat(told.get("cancellation").get("ageMillis").asLong()).isEqualTo(1_500);
        assertThat(told.get("cancellation").get("toldAfterMicros").asLong()).isEqualTo(3_000);
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
