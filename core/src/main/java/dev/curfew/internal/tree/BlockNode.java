package dev.curfew.internal.tree;

import org.jspecify.annotations.Nullable;

/** The block of a group, or a generation of a service group: tasks have it as parent. */
public final class BlockNode extends InnerNode {
    private final Members members;

    /**
     * @param parent null for a generation of a service group
     */
    public BlockNode(@Nullable Node parent, Members members) {
        super(parent, 0);
        this.members = members;
    }

    @Override
    public Members members() {
        return members;
    }

    @Override
    public Members attachment() {
        return members;
    }
}
