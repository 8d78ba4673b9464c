package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.TaskGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Fan-out with an optional part: the page fails with its price, but can do without reviews. */
public final class ProductPage {
    private ProductPage() {}

    /** Where the parts come from. */
    public interface Backend {
        String price(String item) throws IOException, InterruptedException;

        String stock(String item) throws IOException, InterruptedException;

        String reviews(String item) throws IOException, InterruptedException;
    }

    /** The page. */
    public record Page(String price, String stock, Optional<String> reviews) {}

    /** Loads all parts at the same time. */
    public static Page load(Backend backend, String item, Duration patienceForReviews)
            throws InterruptedException {
        return TaskGroup.call(
                config -> config.withName("page"),
                group -> {
                    Task<String> price = group.fork("price", () -> backend.price(item));
                    Task<String> stock = group.fork("stock", () -> backend.stock(item));
                    Task<String> reviews =
                            group.forkIsolated(
                                    "reviews",
                                    () ->
                                            CancelScope.withTimeout(
                                                    patienceForReviews,
                                                    () -> backend.reviews(item)));
                    return new Page(price.await(), stock.await(), ifThere(reviews));
                });
    }

    /** Without its problems; the cancellation of the page itself leaves {@code join}. */
    private static <T> Optional<T> ifThere(Task<T> task) throws InterruptedException {
        return task.join() instanceof Outcome.Succeeded<T>(T value)
                ? Optional.of(value)
                : Optional.empty();
    }

    public static void main(String[] args) throws InterruptedException {
        Backend backend =
                new Backend() {
                    @Override
                    public String price(String item) {
                        return "12 EUR";
                    }

                    @Override
                    public String stock(String item) {
                        return "3 left";
                    }

                    @Override
                    public String reviews(String item) throws InterruptedException {
                        CancelScope.sleep(Duration.ofHours(1));
                        return "never";
                    }
                };
        System.out.println(load(backend, "lamp", Duration.ofMillis(50)));
    }
}
