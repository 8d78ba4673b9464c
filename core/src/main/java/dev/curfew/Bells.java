package dev.curfew;

import java.util.concurrent.atomic.AtomicReference;

/**
 * An event that happens again and again. Waiters read {@link #next} before they look for what they
 * want, and wait for that; whoever brings it calls {@link #ring} afterwards: one sees the other.
 */
final class Bells {
    private final String label;
    private final AtomicReference<Bell> next;

    Bells(String label) {
        this.label = label;
        this.next = new AtomicReference<>(new Bell(label));
    }

    Bell next() {
        return next.get();
    }

    void ring() {
        next.getAndSet(new Bell(label)).ring();
    }
}
