package dev.curfew.internal.tree;

import org.jspecify.annotations.Nullable;

/** A group of which the tree alone is real: nobody owns it, and it does nothing by itself. */
class TestGroup extends Members {
    @Override
    protected void othersEnded(Strand background) {}

    @Override
    protected void reached() {}

    @Override
    public String label() {
        return "group";
    }

    @Override
    protected @Nullable Strand owner() {
        return null;
    }

    @Override
    protected boolean ownerAtEnd() {
        return closing();
    }
}
