package dev.curfew.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More than one strand where there is room for one. */
class StrandTableTest {
    private static final long SLOTS = 1 << 16;

    private static final class Task extends Ending {
        @Override
        public boolean ended() {
            return false;
        }

        @Override
        public String label() {
            return "task";
        }
    }

    /** Of threads whose numbers differ by a multiple of the number of slots. */
    private static List<Strand> ofOneSlot(int n) {
        List<Strand> strands = new ArrayList<>();
        long first = 0;
        while (strands.size() < n) {
            Thread thread = Thread.ofVirtual().unstarted(() -> {});
            if (strands.isEmpty()) {
                first = thread.threadId();
            }
            if ((thread.threadId() - first) % SLOTS == 0) {
                strands.add(Strand.ofTask(thread, new ScopeNode(null, 0), new Task(), false));
            }
        }
        return strands;
    }

    private static List<Strand> found(List<Strand> strands) {
        return strands.stream().filter(s -> StrandTable.find(s.thread().threadId()) == s).toList();
    }

    private static List<Strand> listed(List<Strand> strands) {
        List<Strand> all = new ArrayList<>();
        StrandTable.forEach(all::add);
        return strands.stream().filter(all::contains).toList();
    }

    @Test
    void strandsOfOneSlotAreFoundWhicheverOfThemGoesFirst() {
        List<Strand> strands = ofOneSlot(4);
        Strand alone = strands.get(0);
        strands.forEach(StrandTable::add);
        assertThat(found(strands)).isEqualTo(strands);
        assertThat(listed(strands)).isEqualTo(strands);

        StrandTable.remove(alone);
        StrandTable.remove(strands.get(2));
        List<Strand> rest = List.of(strands.get(1), strands.get(3));
        assertThat(found(strands)).isEqualTo(rest);
        assertThat(listed(strands)).isEqualTo(rest);

        StrandTable.add(alone);
        StrandTable.remove(strands.get(1));
        StrandTable.remove(strands.get(3));
        assertThat(found(strands)).containsExactly(alone);

        StrandTable.remove(alone);
        assertThat(found(strands)).isEmpty();
        assertThat(listed(strands)).isEmpty();
    }

    @Test
    void whatIsRemovedWithoutHavingBeenAddedTakesNobodyElseOut() {
        List<Strand> strands = ofOneSlot(3);
        StrandTable.add(strands.get(0));
        StrandTable.add(strands.get(1));

        StrandTable.remove(strands.get(2));

        assertThat(found(strands)).isEqualTo(strands.subList(0, 2));
        StrandTable.remove(strands.get(0));
        StrandTable.remove(strands.get(1));
    }

    @Test
    void whatRunsAsideHasAStrandOfItsOwnBesideTheOneThatWasPutAside() {
        Strand outer = Strand.currentOrNew();
        ScopeNode scope = new ScopeNode(outer.top(), 0);
        outer.enter(scope);
        try {
            Strand.aside(() -> {
                assertThat(Strand.current()).isNull();
                Strand inner = Strand.currentOrNew();
                assertThat(inner).isNotSameAs(outer);
                assertThat(Strand.current()).isSameAs(inner);
                inner.dropIfIdle();
                assertThat(Strand.current()).isNull();
            });
            assertThat(Strand.current()).isSameAs(outer);
        } finally {
            outer.leave(scope, Shape.NOTHING);
            outer.dropIfIdle();
        }
        assertThat(Strand.current()).isNull();
    }
}
