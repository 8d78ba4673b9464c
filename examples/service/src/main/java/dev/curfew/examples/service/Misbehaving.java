package dev.curfew.examples.service;

import dev.curfew.VoidWork;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/** Tasks that will not stop, each for another reason. */
enum Misbehaving {
    /** Waits for a lock that the other one holds, and lock() does not react. */
    LOCK {
        @Override
        void run() {
            LEDGER.lock();
            try {
                new CompletableFuture<Void>().join();
            } finally {
                LEDGER.unlock();
            }
        }
    },
    /** Computes without an end, and never looks. */
    BUSY {
        @Override
        void run() {
            while (true) {
                counter++;
            }
        }
    },
    /** Is told, and goes on all the same. */
    SWALLOW {
        @Override
        void run() {
            while (true) {
                try {
                    Thread.sleep(1_000);
                } catch (InterruptedException e) {
                    // "this cannot happen"
                }
            }
        }
    };

    private static final ReentrantLock LEDGER = new ReentrantLock();
    private static long counter;

    abstract void run();

    VoidWork<RuntimeException> body() {
        return this::run;
    }
}
