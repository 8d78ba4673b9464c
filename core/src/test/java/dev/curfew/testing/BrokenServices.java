package dev.curfew.testing;

/** Services of which some can't be loaded. */
public final class BrokenServices {
    private BrokenServices() {}

    public interface Kind {}

    public static final class Throwing implements Kind {
        public Throwing() {
            throw new IllegalStateException("on purpose");
        }
    }

    public static final class Sound implements Kind {}
}
