package dev.curfew.samples;

import dev.curfew.inspect.Entry;
import dev.curfew.inspect.TaskTree;

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
}
