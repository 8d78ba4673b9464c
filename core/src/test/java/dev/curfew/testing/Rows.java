package dev.curfew.testing;

import java.util.concurrent.CountDownLatch;

/** Tells a test that a query of its database has begun to read rows. */
public final class Rows {
    private static volatile CountDownLatch reading = new CountDownLatch(0);

    private Rows() {}

    /** Opened by the first row that is read from now on. */
    public static CountDownLatch reading() {
        reading = new CountDownLatch(1);
        return reading;
    }

    /** Called by the database for each row. */
    public static boolean seen(long row) {
        reading.countDown();
        return row != 0;
    }
}
