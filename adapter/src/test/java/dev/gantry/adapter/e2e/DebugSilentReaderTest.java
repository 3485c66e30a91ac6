package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Python;
import dev.gantry.fixtures.Pythons;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A client that takes no events of a debugged program: the program waits, the adapter does not grow, nothing is lost. */
@ExtendWith(LeakCheck.class)
class DebugSilentReaderTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long MOST_GROWTH = 32L << 20;

    /** Starts threads until a file named {@code stop} is there; how many, stands in a file named {@code count}. */
    private static final String STARTS_THREADS = """
            import os, sys, threading
            here = os.path.dirname(os.path.abspath(__file__))
            count = open(os.path.join(here, "count"), "wb", 0)
            started = 0

            def work():
                pass

            def told():
                os.pwrite(count.fileno(), b"%010d" % started, 0)

            try:
                while not os.path.exists(os.path.join(here, "stop")):
                    for _ in range(100):
                        thread = threading.Thread(target=work)
                        thread.start()
                        thread.join()
                        started += 1
                    told()
            except KeyboardInterrupt:
                sys.exit(3)
            print(started, "threads")
            """;

    @TempDir
    private Path folder;

    private static Python python() {
        List<Python> all = Pythons.atLeast(3, 12);
        return all.get(all.size() - 1);
    }

    private PythonSession running(Object... more) {
        PythonSession session = PythonSession.of(
                folder, STARTS_THREADS, Json.object("clientID", "gantry-test", "supportsRunInTerminalRequest", true));
        return session.launch(python(), more);
    }

    private String count() {
        try {
            Path file = folder.resolve("count");
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the program has waited for so long that it does nothing else. */
    private void awaitStandstill() {
        String[] before = {""};
        int[] same = {0};
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(250)).until(() -> {
            String now = count();
            same[0] = !now.isEmpty() && now.equals(before[0]) ? same[0] + 1 : 0;
            before[0] = now;
            return same[0] >= 8;
        });
    }

    /** A client that is closed must read. */
    private static <T> T whileNothingIsRead(DapClient client, Callable<T> what) throws Exception {
        client.pauseReading();
        try {
            return what.call();
        } finally {
            client.resumeReading();
        }
    }

    private void everyThreadIsTold(PythonSession session) throws Exception {
        DapClient client = session.adapter().client();
        session.go();
        session.timeline().await(event("thread").where("another one", entry -> number(entry) > 1));
        int asked = whileNothingIsRead(client, () -> {
            long before = Processes.resident(session.adapter().pid());
            awaitStandstill();
            long growth = Processes.resident(session.adapter().pid()) - before;
            System.out.printf(
                    "silent reader of events: the adapter grew by %.1f MiB, %s threads%n", growth / 1048576.0, count());
            assertThat(growth).isLessThan(MOST_GROWTH);
            int seq = client.send("threads", new JsonObject());
            Files.createFile(folder.resolve("stop"));
            return seq;
        });
        assertThat(client.answerTo(asked).success()).isTrue();
        session.adapter().awaitTerminated();
        Ends.assertCode(session.timeline(), 0);
        long started = session.timeline().all(event("thread")).stream()
                .filter(entry -> number(entry) > 1 && entry.text("reason").equals("started"))
                .map(DebugSilentReaderTest::number)
                .distinct()
                .count();
        assertThat(count()).isEqualTo(String.format("%010d", started));
        session.ask("disconnect");
    }

    private static int number(Entry entry) {
        return entry.body().get("threadId").getAsInt();
    }

    @Test
    void nothingGrowsAndNothingIsLost() throws Exception {
        try (PythonSession session = running()) {
            everyThreadIsTold(session);
            assertThat(session.stdout()).endsWith(" threads\n");
        }
    }

    @Test
    @Tag("once")
    void norInATerminal() throws Exception {
        try (FakeTerminal terminal = new FakeTerminal();
                PythonSession session = PythonSession.of(
                        folder,
                        STARTS_THREADS,
                        Json.object("clientID", "gantry-test", "supportsRunInTerminalRequest", true))) {
            session.adapter().client().onReverseRequest(terminal::run);
            session.launch(python(), "console", "integratedTerminal");
            everyThreadIsTold(session);
        }
    }

    @Test
    @Tag("once")
    void aStopReachesTheProgramThatWaits() throws Exception {
        try (PythonSession session = running()) {
            DapClient client = session.adapter().client();
            session.go();
            session.adapter().client().awaitEvent("process");
            long target = session.adapter().targetPid();
            int terminate = whileNothingIsRead(client, () -> {
                awaitStandstill();
                int seq = client.send("terminate", new JsonObject());
                Processes.within(Duration.ofSeconds(20)).until(() -> !Processes.isAlive(target));
                return seq;
            });
            assertThat(client.answerTo(terminate).success()).isTrue();
            session.ends(3);
        }
    }
}
