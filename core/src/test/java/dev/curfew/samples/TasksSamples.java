package dev.curfew.samples;

import dev.curfew.Completions;
import dev.curfew.Outcome;
import dev.curfew.Task;
import dev.curfew.Tasks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** What the documentation of {@link Tasks} shows. */
final class TasksSamples {
    private TasksSamples() {}

    interface Shop {
        String price(String item) throws IOException, InterruptedException;
    }

    static List<String> prices(Shop shop, List<String> items) throws InterruptedException {
        // @start region="map"
        List<String> prices = Tasks.map(items, 8, item -> shop.price(item)); // eight at a time
        // @end
        return prices;
    }

    static Socket connect(List<InetAddress> addresses, int port) throws InterruptedException {
        // @start region="race"
        List<Callable<Socket>> attempts = new ArrayList<>();
        for (InetAddress address : addresses) {
            attempts.add(() -> new Socket(address, port));
        }
        Socket first = Tasks.race(attempts, Socket::close);
        // @end
        return first;
    }

    static List<String> firstTwo(Collection<Task<String>> tasks) throws InterruptedException {
        List<String> values = new ArrayList<>();
        // @start region="completions"
        try (Completions<String> completions = Tasks.completions(tasks)) {
            Optional<Task<String>> next;
            while (values.size() < 2 && (next = completions.next()).isPresent()) {
                if (next.get().join() instanceof Outcome.Succeeded<String>(String value)) {
                    values.add(value);
                }
            }
        } // the other tasks have been cancelled, and have ended
        // @end
        return values;
    }
}
