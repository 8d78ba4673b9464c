package dev.curfew.cli;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The command in a JVM that something else ends. */
final class ExitsWhenTold {
    private ExitsWhenTold() {}

    public static void main(String[] args) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        System.in.read();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    System.exit(9);
                });
        Main.main(args);
    }
}
