package dev.curfew.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Conformance;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The entry of a scope, step by step, where {@code EntryRaceTest} has it meet a cancellation. */
class EntryTest {

    @Test
    @Conformance("CU16")
    void whoHasMarkedButFoundNobodyToTellLeavesThatToTheEntry() {
        Strand strand = Strand.currentOrNew();
        ScopeNode outer = new ScopeNode(strand.top(), 0);
        ScopeNode inner = new ScopeNode(outer, 0);
        boolean interrupted;
        strand.enter(outer);
        try {
            // A canceller that saw the inner scope as the top, and no mark there, is done by now.
            outer.raise(Objects.requireNonNull(outer.ask("reason", false)));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();

            strand.enter(inner);
            interrupted = Thread.currentThread().isInterrupted();
            strand.leave(inner, Shape.NOTHING);
        } finally {
            strand.leave(outer, Shape.NOTHING);
            strand.dropIfIdle();
        }
        assertThat(interrupted).isTrue();
        assertThat(Thread.interrupted()).isFalse();
    }
}
