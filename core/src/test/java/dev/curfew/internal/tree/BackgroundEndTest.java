package dev.curfew.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever finds background tasks alone in a closing group has them end, memory or not. */
class BackgroundEndTest {
    private static final class Scarce extends TestGroup {
        private final List<Strand> ended = new ArrayList<>();
        private int attempts;

        @Override
        protected void othersEnded(Strand background) {
            if (++attempts < 3) {
                throw new OutOfMemoryError("on purpose");
            }
            ended.add(background);
        }
    }

    @Test
    @Conformance("TG21")
    void theyAreEndedWhenThereIsMemoryAgain() {
        Scarce group = new Scarce();
        BlockNode block = new BlockNode(null, group);
        Strand background = Strand.ofTask(new Thread(() -> {}), block, new TestGroup(), true);
        group.add(background, group.countUp(true));

        group.close();

        assertThat(group.ended).containsExactly(background);
    }
}
