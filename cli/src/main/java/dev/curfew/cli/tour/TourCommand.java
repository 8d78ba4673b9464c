package dev.curfew.cli.tour;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code curfew tour}: its options. */
@Command(
        name = "tour",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows what goes wrong with the obvious Java, and the same with Curfew, live: every"
                    + " scene runs, and its verdict follows from the times that were measured.",
            "",
            "The exit code is 0 if Curfew went right in every scene that could run, else 1."
        })
public final class TourCommand implements Callable<Integer> {
    private static final Duration PACE = Duration.ofMillis(250);

    @Spec private CommandSpec spec;

    @Option(names = "--json", description = "Print the events with their times, and the verdicts.")
    private boolean json;

    @Parameters(
            arity = "0..*",
            paramLabel = "SCENE",
            description =
                    "Only these, of cancel-and-get, interrupt-and-join, completable-future,"
                            + " swallowed-cancellation, blocking-interrupt, service-close.")
    private List<String> names = new ArrayList<>();

    /** Made by the command line. */
    public TourCommand() {}

    @Override
    public Integer call() throws Exception {
        List<Scene> scenes = chosen();
        Tour tour = new Tour(PACE);
        PrintWriter out = spec.commandLine().getOut();
        TourText text = new TourText(ansi(), width());
        List<Tour.Played> played = new ArrayList<>();
        if (!json) {
            out.print(text.head());
            out.flush();
        }
        for (Scene scene : scenes) {
            Tour.rehearse(scene);
            played.add(tour.play(scene));
            if (!json) {
                out.print(text.scene(played.size(), played.getLast()));
                out.flush();
            }
        }
        out.print(json ? TourJson.write(played) + "\n" : text.end(played));
        out.flush();
        return played.stream().allMatch(Tour.Played::kept) ? 0 : 1;
    }

    private List<Scene> chosen() {
        List<String> known = Scene.all().stream().map(Scene::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "there is no scene '" + name + "'; there are " + String.join(", ", known));
            }
        }
        return Scene.all().stream()
                .filter(s -> names.isEmpty() || names.contains(s.name()))
                .toList();
    }

    private static Ansi ansi() {
        return terminal() && System.getenv("NO_COLOR") == null && !dumb() ? Ansi.ON : Ansi.OFF;
    }

    private static boolean dumb() {
        return "dumb".equals(System.getenv("TERM"));
    }

    /** Standard output is what is written to, so it alone decides. */
    private static boolean terminal() {
        return System.console() != null && System.console().isTerminal();
    }

    private int width() {
        return terminal() ? spec.usageMessage().autoWidth(true).width() : 80;
    }
}
