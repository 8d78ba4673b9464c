package dev.curfew.cli.tour;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs scenes. */
final class Tour {
    private final Duration pace;

    /**
     * @param pace how long the actors' work takes; a scene takes a few times as long
     */
    Tour(Duration pace) {
        this.pace = pace;
    }

    /**
     * One half of a scene, as it went.
     *
     * @param trace what happened
     * @param verdict what that shows
     */
    record Half(Trace trace, Verdict verdict) {}

    /**
     * A scene, as it went.
     *
     * @param obstacle why it could not run; without halves then
     */
    record Played(
            Scene scene, @Nullable String obstacle, @Nullable Half java, @Nullable Half curfew) {
        /** Whether Curfew did what it promises. */
        boolean kept() {
            return curfew == null || curfew.verdict().good();
        }
    }

    /** Plays it once in haste, so that what is measured later is not the loading of classes. */
    static void rehearse(Scene scene) throws Exception {
        new Tour(Duration.ofMillis(1)).play(scene);
    }

    Played play(Scene scene) throws Exception {
        String obstacle = scene.obstacle().orElse(null);
        if (obstacle != null) {
            return new Played(scene, obstacle, null, null);
        }
        return new Played(scene, null, half(scene, scene::java), half(scene, scene::curfew));
    }

    private interface Action {
        void run(Stage stage) throws Exception;
    }

    private Half half(Scene scene, Action action) throws Exception {
        Stage stage = new Stage(pace);
        action.run(stage);
        Trace trace = stage.trace();
        return new Half(trace, scene.judge(trace));
    }
}
