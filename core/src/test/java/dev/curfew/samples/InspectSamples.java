package dev.curfew.samples;

import dev.curfew.inspect.Entry;
import dev.curfew.inspect.TaskTree;
import dev.curfew.inspect.Warnings;

/** Looking at a running program. */
final class InspectSamples {
    private InspectSamples() {}

    static String tree() {
        // @start region="tree"
        TaskTree tree = TaskTree.snapshot();
        System.out.print(tree.text());
        for (Entry entry : tree.entries()) {
            if (entry.state() == Entry.State.CLEANING_UP) {
                System.out.print(tree.why(entry.id()).orElse(""));
            }
        }
        // @end
        return tree.text();
    }

    static Warnings.Listening listen() {
        // @start region="listen"
        Warnings.Listening listening =
                Warnings.listen(warning -> {
                    if (warning.id().equals("stuck")) {
                        System.err.println(warning.message());
                    }
                });
        // @end
        return listening;
    }
}
