package dev.curfew;

import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.Strand;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Names of groups and tasks: the names of what is around them and their own, joined by slashes. */
final class Paths {
    private static final int OUTER = 3;
    private static final int INNER = 12;

    private Paths() {}

    /** The path of what {@code node} belongs to. Very long ones are left out in the middle. */
    static String of(Node node) {
        ArrayDeque<String> parts = new ArrayDeque<>();
        boolean named = false;
        Node outermost = node;
        for (Node n = node; n != null; n = n.parent()) {
            String part = part(n);
            if (part != null) {
                parts.push(part);
            }
            if (n.members() != null) {
                named = part != null;
            }
            outermost = n;
        }
        Strand strand = outermost.strand();
        if (!named && strand != null) {
            parts.push(Text.nameOf(strand.thread()));
        }
        return join(parts);
    }

    private static @Nullable String part(Node node) {
        if (node.members() instanceof GroupCore group) {
            return group.config().nameOrNull();
        }
        Strand strand = node.strand();
        return strand != null && strand.root() == node && strand.task() instanceof TaskImpl<?> task
                ? task.ownName()
                : null;
    }

    private static String join(ArrayDeque<String> parts) {
        int left = parts.size();
        StringBuilder path = new StringBuilder();
        int i = 0;
        for (String part : parts) {
            if (i < OUTER || left <= INNER) {
                path.append(path.isEmpty() ? "" : "/").append(part);
            } else if (i == OUTER) {
                path.append("/…");
            }
            i++;
            left--;
        }
        return path.toString();
    }
}
