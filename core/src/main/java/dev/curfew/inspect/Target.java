package dev.curfew.inspect;

import dev.curfew.CancelReason;
import dev.curfew.CancelScope;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import dev.curfew.internal.tree.Members;
import dev.curfew.internal.tree.Node;
import dev.curfew.internal.tree.OpenGroups;
import dev.curfew.internal.tree.Strand;
import dev.curfew.internal.tree.StrandTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From an id to what it names. */
final class Target {
    static final String SERVICE = "s";

    private Target() {}

    /** Why the group was asked to stop, or null. */
    static @Nullable CancelReason reason(Members members) {
        return members.facade() instanceof TaskGroup group ? group.reason().orElse(null) : null;
    }

    static boolean cancel(String id, String why) {
        Object found = find(id);
        return switch (found) {
            case Task<?> task -> task.cancel(why);
            case TaskGroup group -> group.cancel(why);
            case CancelScope scope -> scope.cancel(why);
            case null, default -> false;
        };
    }

    private static @Nullable Object find(String id) {
        if (id.startsWith(SERVICE)) {
            List<Object> found = new ArrayList<>(1);
            OpenGroups.forEach(entry -> {
                Members m = entry.members();
                if (m != null && id.equals(SERVICE + entry.number())) {
                    found.add(m.facade());
                }
            });
            return found.isEmpty() ? null : found.getFirst();
        }
        String[] parts = id.split("\\.", 2);
        long thread;
        int level;
        try {
            thread = Long.parseLong(parts[0]);
            level = parts.length == 1 ? 0 : Integer.parseInt(parts[1]);
        } catch (NumberFormatException e) {
            return null;
        }
        Strand strand = StrandTable.find(thread);
        if (strand == null) {
            return null;
        }
        return level == 0 ? strand.task() : at(strand, level);
    }

    private static @Nullable Object at(Strand strand, int level) {
        List<Node> scopes = new ArrayList<>();
        for (Node n = strand.top(); n != null && n != strand.root(); n = n.parent()) {
            scopes.add(n);
        }
        if (level < 1 || level > scopes.size()) {
            return null;
        }
        Node n = scopes.get(scopes.size() - level);
        return n.members() != null ? n.members().facade() : n.attachment();
    }
}
