package dev.gantry.launcher.portable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever waits for the start hears of it whatever happens, and the thread ends whatever happens afterwards. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class FirstReaderTest {
    private final FirstReader reader = new FirstReader(OptionalInt.of(1));

    @Test
    void anErrorInTheStartIsTheCallers() throws Exception {
        List<String> refusing = new ArrayList<>(List.of("/bin/true")) {
            private static final long serialVersionUID = 1L;

            @Override
            public <T> T[] toArray(T[] into) {
                throw new OutOfMemoryError("unable to create a thread, says the test");
            }
        };
        CompletableFuture<Throwable> heard = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                reader.start(new ProcessBuilder(refusing));
            } catch (IOException | RuntimeException | Error thrown) {
                heard.complete(thrown);
            }
        });
        caller.setDaemon(true);
        caller.start();
        assertThat(heard.get(10, TimeUnit.SECONDS))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessageContaining("says the test");
    }

    @Test
    void aStartThatNobodyGoesOnWithEndsTheThread() throws Exception {
        Process process = reader.start(new ProcessBuilder("/bin/true"));
        reader.letGo();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        process.getOutputStream().close();
        process.getErrorStream().close();
    }

    @Test
    void whoWasToGoOnGoesOn() throws Exception {
        CompletableFuture<String> ran = new CompletableFuture<>();
        Process process = reader.start(new ProcessBuilder("/bin/true"));
        reader.continueWith(() -> ran.complete("ran"));
        reader.letGo();
        assertThat(ran.get(10, TimeUnit.SECONDS)).isEqualTo("ran");
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        process.getOutputStream().close();
        process.getErrorStream().close();
    }
}
