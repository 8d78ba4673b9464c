package dev.curfew.cli.tour;

import java.util.List;
import java.util.Optional;

/** The same thing done twice: with the obvious Java, and with Curfew. */
interface Scene {
    /** All of them, in order. */
    static List<Scene> all() {
        return List.of(
                new CancelAndGet(),
                new InterruptAndJoin(),
                new FutureTimeout(),
                new OptionalPart(),
                new BlockingInterrupt(),
                new ServiceClose());
    }

    /** A short name, for the command line and for JSON. */
    String name();

    /** What the scene is about. */
    String title();

    /** What is done with Java, as people read it: the region {@code java} of the scene's source. */
    String javaCode();

    /** The same for Curfew: the region {@code curfew}. */
    String curfewCode();

    /** Why the scene cannot run on this machine, if so. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** Does it with Java; leaves nothing running. */
    void java(Stage stage) throws Exception;

    /** Does it with Curfew; leaves nothing running. */
    void curfew(Stage stage) throws Exception;

    /** What the events show. The rule is the same for both halves. */
    Verdict judge(Trace trace);
}
