package dev.curfew.samples;

import dev.curfew.CancelScope;
import dev.curfew.DeadlineExceededException;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.time.Duration;

/** The first screen of the README. */
final class FirstSample {
    private FirstSample() {}

    interface Shop {
        String price(String item) throws IOException, InterruptedException;

        String stock(String item) throws IOException, InterruptedException;

        void watchForRecalls(String item) throws IOException, InterruptedException;
    }

    // @start region="first"
    static String offer(Shop shop, String item) throws InterruptedException {
        return TaskGroup.call(group -> {
            Task<String> price = group.fork("price", () -> shop.price(item));
            Task<String> stock = group.fork("stock", () -> shop.stock(item));
            Task<?> recalls = group.fork("recalls", () -> shop.watchForRecalls(item));

            String offer = price.await() + ", " + stock.await();
            recalls.cancelAndJoin(); // has really ended here, its clean-up included
            return offer;
        });
    }

    static String offerInTime(Shop shop, String item) throws InterruptedException {
        return CancelScope.withTimeout(Duration.ofSeconds(2), () -> offer(shop, item));
    }

    // @end

    static String offerOrNone(Shop shop, String item) throws InterruptedException {
        try {
            return offerInTime(shop, item);
        } catch (DeadlineExceededException late) {
            return "none";
        }
    }
}
