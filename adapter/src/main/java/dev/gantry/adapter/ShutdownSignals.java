package dev.gantry.adapter;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * SIGTERM, SIGINT and SIGHUP to this process: sessions get the time to end their targets before the JVM goes. A shutdown hook, which
 * the JVM runs on these signals; {@link #done()} says that nothing is left to wait for.
 */
final class ShutdownSignals {
    /** More than any sane stop ladder takes; afterwards the guardian kills what is left. */
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    private final CountDownLatch ended = new CountDownLatch(1);

    /** From now on the signals are told; before, they end the process as if nothing ran. */
    void listen(Consumer<String> onShutdown) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(onShutdown), "shutdown"));
    }

    private void shutDown(Consumer<String> onShutdown) {
        if (ended.getCount() == 0) {
            return;
        }
        onShutdown.accept("the adapter was told to end by a signal");
        try {
            if (!ended.await(AT_MOST.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println(
                        "gantry: sessions did not end within " + AT_MOST.toSeconds() + " s; ending without them");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing is left to wait for. */
    void done() {
        ended.countDown();
    }
}
