package dev.curfew.internal.tree;

import org.jspecify.annotations.Nullable;

/** The tree's parts, without the layers above: what the handshakes are tried on. */
final class Bare {
    private Bare() {}

    /** A group that nobody waits for. */
    static final class Group extends Members {
        private @Nullable Strand owner;

        Group() {}

        private Group(long @Nullable [] gate) {
            super(gate);
        }

        /** One that will have an owner. */
        static Group ofBlock() {
            return new Group(gate());
        }

        /** From now on the calling thread is the owner's. */
        void own() {
            owner = Strand.ofTask(Thread.currentThread(), new ScopeNode(null, 0), new End(), false);
        }

        /** Counts a task in and links it, as the owner does. */
        void fork(Strand child) {
            add(child, countUp(false));
        }

        /** Links a task as everybody but the owner does. */
        void link(Strand child) {
            add(child, Entry.ADMITTED);
        }

        boolean enter() {
            return countUp(false) != Entry.REFUSED;
        }

        void leave() {
            countDown(false);
        }

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
            return owner;
        }

        @Override
        protected boolean ownerAtEnd() {
            return false;
        }
    }

    /** Something that ends when it is told to. */
    static final class End extends Ending {
        private volatile boolean ended;

        void end() {
            ended = true;
            wakeAll();
        }

        /** Whether someone stands in the list for good. */
        boolean enlisted() {
            return waiters() != null;
        }

        @Override
        public boolean ended() {
            return ended;
        }

        @Override
        public String label() {
            return "end";
        }
    }

    /** A task's strand whose thread never starts. */
    static Strand strand(@Nullable Node parent) {
        return Strand.ofTask(new Thread(() -> {}), parent, new End(), false);
    }
}
