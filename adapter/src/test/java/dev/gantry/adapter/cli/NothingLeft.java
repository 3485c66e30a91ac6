package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** After each test, proves that none of this JVM's descendants is left. */
final class NothingLeft implements AfterEachCallback {
    @Override
    public void afterEach(ExtensionContext context) {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                                .as("processes left behind")
                                .isEmpty());
    }
}
