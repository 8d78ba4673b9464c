package dev.curfew.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is in force at a node, asked of what is around it. */
class InForceTest {
    private static final int DEPTH = 1_000_000;

    /** Asked by each of a million nodes up to the outermost, this would take hours. */
    @Test
    @Conformance("TC31")
    void whatIsInForceIsAskedFromWhereTheMarkComesFrom() {
        List<Node> nodes = new ArrayList<>(DEPTH);
        Node top = new ScopeNode(null, 0);
        Node innermost = top;
        for (int i = 0; i < DEPTH; i++) {
            Node inner = new ScopeNode(innermost, 0);
            innermost.link(inner);
            nodes.add(inner);
            innermost = inner;
        }

        Request request = Cancelling.cancel(top, "reason", false, false);

        assertThat(nodes).allMatch(n -> n.inForce() == request);
    }
}
