package dev.curfew;

import dev.curfew.internal.tree.Ending;

/** An event that happens once and can be waited for in a managed wait. */
class Bell extends Ending {
    private final String label;
    private volatile boolean rung;

    Bell(String label) {
        this.label = label;
    }

    /** To be called once; what was written before is visible to whoever has waited. */
    final void ring() {
        rung = true;
        wakeAll();
    }

    @Override
    public final boolean ended() {
        return rung;
    }

    @Override
    public final String label() {
        return label;
    }
}
