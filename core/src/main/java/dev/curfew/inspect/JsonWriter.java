package dev.curfew.inspect;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Writes JSON, in ASCII: whatever reads it need not know of an encoding. */
final class JsonWriter {
    private final StringBuilder out = new StringBuilder();

    /** Whether a comma is due before the next member or element. */
    private boolean comma;

    JsonWriter begin(char bracket) {
        separate();
        out.append(bracket);
        comma = false;
        return this;
    }

    JsonWriter end(char bracket) {
        out.append(bracket);
        comma = true;
        return this;
    }

    JsonWriter key(String name) {
        separate();
        string(name);
        out.append(':');
        comma = false;
        return this;
    }

    JsonWriter value(String text) {
        separate();
        string(text);
        return this;
    }

    JsonWriter value(long number) {
        separate();
        out.append(number);
        return this;
    }

    JsonWriter value(boolean flag) {
        separate();
        out.append(flag);
        return this;
    }

    JsonWriter text(String key, String text) {
        return key(key).value(text);
    }

    JsonWriter number(String key, long number) {
        return key(key).value(number);
    }

    /** Nothing, if it is empty. */
    <T> JsonWriter optional(
            String key, Optional<T> value, BiConsumer<JsonWriter, ? super T> write) {
        if (value.isPresent()) {
            key(key);
            write.accept(this, value.get());
        }
        return this;
    }

    <T> JsonWriter list(String key, List<T> values, BiConsumer<JsonWriter, ? super T> write) {
        key(key).begin('[');
        values.forEach(v -> write.accept(this, v));
        return end(']');
    }

    private void separate() {
        if (comma) {
            out.append(',');
        }
        comma = true;
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c > '~') {
                        escape(c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void escape(char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 0xF, 16));
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
