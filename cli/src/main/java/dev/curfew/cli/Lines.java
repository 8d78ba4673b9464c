package dev.curfew.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lines of a file that somebody wrote by hand: without comments and empty lines. */
final class Lines {
    private Lines() {}

    /** A line, with its place for messages: {@code Procfile:3}. */
    record Line(int number, String text, String place) {}

    static List<Line> of(Path file) throws UsageException {
        List<String> all = read(file);
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String text = all.get(i).strip();
            if (i == 0 && text.startsWith("\uFEFF")) {
                text = text.substring(1);
            }
            if (!text.isEmpty() && !text.startsWith("#")) {
                lines.add(new Line(i + 1, text, file + ":" + (i + 1)));
            }
        }
        return lines;
    }

    private static List<String> read(Path file) throws UsageException {
        if (Files.isDirectory(file)) {
            throw new UsageException(file + " is a directory; name a file");
        }
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new UsageException("there is no file " + file);
        } catch (CharacterCodingException e) {
            throw new UsageException(file + " is no text in UTF-8");
        } catch (IOException e) {
            throw new UsageException(file + " cannot be read: " + e.getMessage());
        }
    }
}
