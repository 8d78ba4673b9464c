package dev.curfew.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tasks that the owner of a block has forked. */
class OwnedTest {
    private final TestGroup group = new TestGroup();
    private final Owned owned = new Owned(0);

    private Strand fork() {
        group.countUp(false);
        Thread thread = Thread.ofVirtual().unstarted(() -> {});
        Strand strand = Strand.ofTask(thread, new ScopeNode(null, 0), group, false);
        owned.push(strand, group);
        return strand;
    }

    private void end(Strand strand) {
        strand.setOver();
        group.countDown(false);
    }

    private List<Strand> listed() {
        List<Strand> all = new ArrayList<>();
        owned.forEach(all::add);
        return all;
    }

    @Test
    void allThatLiveAreListedTheYoungestFirst() {
        List<Strand> forked = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            forked.add(fork());
        }
        assertThat(owned.first()).isEqualTo(forked.getFirst().thread().threadId());
        Collections.reverse(forked);
        assertThat(listed()).isEqualTo(forked);
    }

    @Test
    void thoseThatLiveStayListedWhenTheOthersArePurged() {
        List<Strand> kept = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Strand strand = fork();
            if (i % 40 == 0) {
                kept.add(strand);
            } else {
                end(strand);
            }
        }
        Collections.reverse(kept);
        assertThat(listed()).isEqualTo(kept);
    }

    @Test
    void aTaskThatHasEndedIsLetGoWhenAFewHundredHaveComeAfterIt() {
        WeakReference<Strand> first = endedAtOnce();
        for (int i = 0; i < 400; i++) {
            end(fork());
        }
        System.gc();
        assertThat(first.get()).isNull();
    }

    private WeakReference<Strand> endedAtOnce() {
        Strand strand = fork();
        end(strand);
        return new WeakReference<>(strand);
    }
}
