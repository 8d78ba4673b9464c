package dev.curfew.cli.tour;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** The tour for people: Java on the left and Curfew beside it, or below it where that is narrow. */
final class TourText {
    private static final int COLUMN = 58;
    private static final String GAP = "   ";

    private final Ansi ansi;
    private final boolean beside;

    /**
     * @param width how many characters a line may have
     */
    TourText(Ansi ansi, int width) {
        this.ansi = ansi;
        this.beside = width >= 2 * COLUMN + GAP.length();
    }

    private enum Style {
        PLAIN(""),
        TITLE("bold"),
        CODE("cyan"),
        EVENT("faint"),
        GOOD("bold,green"),
        BAD("bold,red");

        final String markup;

        Style(String markup) {
            this.markup = markup;
        }
    }

    private record Line(Style style, String text) {}

    String head() {
        return "The problem and the answer, live: JDK "
                + Runtime.version()
                + ", "
                + Runtime.getRuntime().availableProcessors()
                + " processors.\nTimes are measured as it runs, in milliseconds; verdicts follow from"
                + " them alone.\n";
    }

    String scene(int number, Tour.Played played) {
        StringBuilder out = new StringBuilder("\n");
        out.append(styled(new Line(Style.TITLE, number + ". " + played.scene().title()), 0));
        out.append("\n\n");
        if (played.java() == null || played.curfew() == null) {
            return out.append("Not run: ").append(played.obstacle()).append("\n").toString();
        }
        List<Line> left = half("The obvious Java", played.scene().javaCode(), played.java());
        List<Line> right = half("Curfew", played.scene().curfewCode(), played.curfew());
        if (beside) {
            besides(out, left, right);
        } else {
            left.forEach(l -> out.append(styled(l, 0)).append("\n"));
            out.append("\n");
            right.forEach(l -> out.append(styled(l, 0)).append("\n"));
        }
        return out.toString();
    }

    String end(List<Tour.Played> scenes) {
        List<Tour.Played> run = scenes.stream().filter(p -> p.java() != null).toList();
        long java =
                run.stream().filter(p -> p.java() != null && !p.java().verdict().good()).count();
        long curfew = run.stream().filter(Tour.Played::kept).count();
        return "\nOf "
                + run.size()
                + (run.size() == 1 ? " scene" : " scenes")
                + ", the obvious Java went wrong in "
                + java
                + "; Curfew went right in "
                + curfew
                + ".\n";
    }

    private void besides(StringBuilder out, List<Line> left, List<Line> right) {
        // The verdicts of both stand at the same height, and so do the events.
        List<List<Line>> l = parts(left);
        List<List<Line>> r = parts(right);
        for (int part = 0; part < l.size(); part++) {
            List<Line> a = l.get(part);
            List<Line> b = r.get(part);
            for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
                Line first = i < a.size() ? a.get(i) : new Line(Style.PLAIN, "");
                Line second = i < b.size() ? b.get(i) : new Line(Style.PLAIN, "");
                out.append((styled(first, COLUMN) + GAP + styled(second, 0)).stripTrailing());
                out.append("\n");
            }
        }
    }

    /** Splits at the empty lines, which stay at the ends of their parts. */
    private static List<List<Line>> parts(List<Line> lines) {
        List<List<Line>> parts = new ArrayList<>();
        List<Line> part = new ArrayList<>();
        for (Line line : lines) {
            part.add(line);
            if (line.style() == Style.PLAIN) {
                parts.add(part);
                part = new ArrayList<>();
            }
        }
        parts.add(part);
        return parts;
    }

    private static List<Line> half(String name, String code, Tour.Half half) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(Style.TITLE, name));
        code.lines().forEach(c -> lines.add(new Line(Style.CODE, ("  " + c).stripTrailing())));
        lines.add(new Line(Style.PLAIN, ""));
        for (Event e : half.trace().events()) {
            lines.add(
                    new Line(
                            Style.EVENT,
                            String.format(
                                    Locale.ROOT,
                                    "%8.1f  %s %s",
                                    e.nanos() / 1e6,
                                    e.who(),
                                    e.what())));
        }
        lines.add(new Line(Style.PLAIN, ""));
        boolean good = half.verdict().good();
        String mark = good ? "right: " : "wrong: ";
        for (String part : wrapped(mark + half.verdict().text(), COLUMN)) {
            lines.add(new Line(good ? Style.GOOD : Style.BAD, part));
        }
        return lines;
    }

    private String styled(Line line, int width) {
        String padded =
                width > line.text().length()
                        ? line.text() + " ".repeat(width - line.text().length())
                        : line.text();
        if (line.style().markup.isEmpty() || !ansi.enabled()) {
            return padded;
        }
        Ansi.IStyle[] styles = Ansi.Style.parse(line.style().markup);
        return Ansi.Style.on(styles) + padded + Ansi.Style.reset.on();
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
