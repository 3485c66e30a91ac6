package dev.gantry.adapter.e2e;

import dev.gantry.fixtures.LeakCheck;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Any request in any state with any arguments: one answer each, until the connection closes, and none hangs. Several clients at the
 * same time, each with an adapter of its own: they wait more than they work.
 */
@Tag("once")
@ExtendWith(LeakCheck.class)
class RandomRequestsTest {
    private static final int CLIENTS = 3;
    private static final int REQUESTS_EACH = 3_400;
    private static final long SEED = 20_260_731;

    @Test
    void everyRequestHasExactlyOneAnswerUntilTheConnectionCloses() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Callable<Integer>> clients = IntStream.range(0, CLIENTS)
                    .<Callable<Integer>>mapToObj(number -> () -> new RandomClient(SEED + number).send(REQUESTS_EACH))
                    .toList();
            int sessions = 0;
            for (Future<Integer> client : threads.invokeAll(clients)) {
                sessions += client.get();
            }
            System.out.println(
                    "random requests: " + CLIENTS * REQUESTS_EACH + " in " + sessions + " sessions, seed " + SEED);
        } finally {
            threads.shutdown();
        }
    }
}
