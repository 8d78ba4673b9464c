package dev.curfew.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The checked-in lists: what has to hold, and which rows nothing shows yet. */
final class Catalogue {
    private static final Map<String, String> AREAS = new LinkedHashMap<>();

    static {
        AREAS.put("TC", "cancelling a task");
        AREAS.put("AC", "cancelling and waiting");
        AREAS.put("UC", "counting and withdrawing requests");
        AREAS.put("TG", "groups");
        AREAS.put("NG", "nested groups and scopes");
        AREAS.put("TO", "timeouts");
        AREAS.put("NT", "nested timeouts");
        AREAS.put("SH", "shields");
        AREAS.put("CL", "clean-up");
        AREAS.put("ST", "starting a service");
        AREAS.put("RA", "racing");
        AREAS.put("GA", "gathering");
        AREAS.put("FC", "who has ended first");
        AREAS.put("LK", "leaks");
        AREAS.put("CK", "the test clock");
        AREAS.put("IN", "looking in");
        AREAS.put("PR", "the JDK's primitives under delivery");
        AREAS.put("JV", "the JDK's behaviour and ours");
        AREAS.put("CU", "cases of our own");
    }

    private Catalogue() {}

    static Map<String, String> areas() {
        return AREAS;
    }

    /** Two columns, parted by a tab; lines that start with # are comments. */
    static Map<String, String> read(Path file) throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] columns = line.split("\t");
            if (columns.length != 2 || !AREAS.containsKey(columns[0].substring(0, 2))) {
                throw new IOException(file + ": not an id, a tab and a text: " + line);
            }
            if (rows.put(columns[0], columns[1]) != null) {
                throw new IOException(file + ": twice: " + columns[0]);
            }
        }
        return rows;
    }
}
