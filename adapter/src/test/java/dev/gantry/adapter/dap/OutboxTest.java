package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.launcher.PromptOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest implements Outbox.Listener {
    private final ManualReactor reactor = new ManualReactor();
    private final Outbox outbox = new Outbox(reactor, this);
    private final SlowClient client = new SlowClient();
    private final List<String> heard = new ArrayList<>();
    private final Thread writer = new Thread(() -> outbox.run(client), "test-writer");

    @Override
    public void outputDrained() {
        heard.add("drained");
    }

    @Override
    public void idle() {
        heard.add("idle");
    }

    @Override
    public void clientDead(IOException why) {
        heard.add("dead: " + why.getMessage());
    }

    @AfterEach
    void leavesNoThreadBehind() throws Exception {
        outbox.close();
        client.takeAll();
        writer.join(10_000);
        assertThat(writer.isAlive()).isFalse();
    }

    @Test
    void writesFramesInOrderAndManyAtOnce() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            put("frame " + i + "\n", i % 3 == 0);
            all.append("frame ").append(i).append('\n');
        }
        client.takeAll();
        writer.start();

        await().untilAsserted(() -> assertThat(outbox.queuedBytes()).isZero());
        assertThat(new String(client.taken(), UTF_8)).isEqualTo(all.toString());
        assertThat(client.writes()).isEqualTo(1);
    }

    @Test
    void takesAFrameThatIsLongerThanASegment() {
        String frame = "x".repeat(3 * Outbox.SEGMENT);
        put(frame, false);
        put("y", false);
        client.takeAll();
        writer.start();

        await().untilAsserted(
                        () -> assertThat(new String(client.taken(), UTF_8)).isEqualTo(frame + "y"));
    }

    @Test
    void isCrowdedByWhatIsNoOutputUntilItWasTaken() {
        String frame = "x".repeat(1024 * 1024);
        for (int i = 0; i < 8; i++) {
            put(frame, true);
        }
        for (int i = 0; i < 4; i++) {
            put(frame, false);
        }
        assertThat(outbox.isCrowded()).isFalse();
        put("y", false);
        assertThat(outbox.isCrowded()).isTrue();
        client.takeAll();
        writer.start();
        await().until(() -> !outbox.isCrowded());
    }

    @Test
    void tellsWhenOutputHasDrainedOnlyIfItWasOverTheMark() {
        writer.start();
        String frame = "x".repeat(32 * 1024);
        put(frame, true);
        assertThat(outbox.isOverMark()).isFalse();
        // The first segment may be full when the writer takes it.
        while (outbox.queuedOutput() < Outbox.HIGH_MARK + Outbox.SEGMENT) {
            put(frame, true);
        }
        assertThat(outbox.isOverMark()).isTrue();

        client.take(1);
        await().until(() -> client.writes() == 1);
        reactor.turn();
        assertThat(heard).isEmpty();
        client.takeAll();
        await().until(() -> outbox.queuedOutput() == 0);
        reactor.turn();
        assertThat(heard).containsExactly("drained");
    }

    @Test
    void controlMessagesDoNotCountAsOutput() {
        put("x".repeat(1024 * 1024), false);

        assertThat(outbox.isOverMark()).isFalse();
        assertThat(outbox.queuedOutput()).isZero();
        assertThat(outbox.isBusy()).isTrue();
    }

    @Test
    void tellsWhenItIsIdleIfItWasAsked() {
        writer.start();
        put("x", true);
        assertThat(outbox.isBusy()).isTrue();
        client.takeAll();

        await().untilAsserted(() -> {
            reactor.turn();
            assertThat(heard).containsExactly("idle");
        });
        assertThat(outbox.isBusy()).isFalse();
    }

    @Test
    void runsATaskWhenAllThatWasQueuedBeforeIsWritten() {
        writer.start();
        List<String> ran = new ArrayList<>();
        outbox.whenFlushed(() -> ran.add("at once"));
        put("x".repeat(Outbox.SEGMENT), true);
        outbox.whenFlushed(() -> ran.add("first"));
        put("y".repeat(Outbox.SEGMENT), true);
        outbox.whenFlushed(() -> ran.add("second"));
        reactor.turn();
        assertThat(ran).containsExactly("at once");

        client.take(1);
        await().until(() -> outbox.queuedBytes() == Outbox.SEGMENT);
        reactor.turn();
        assertThat(ran).containsExactly("at once", "first");
        client.takeAll();
        await().until(() -> outbox.queuedBytes() == 0);
        reactor.turn();
        assertThat(ran).containsExactly("at once", "first", "second");
    }

    @Test
    void aDeadClientIsToldOnceAndEverythingIsLetGo() {
        writer.start();
        put("x".repeat(Outbox.HIGH_MARK), true);
        put("y".repeat(Outbox.SEGMENT), true);
        put("z".repeat(Outbox.SEGMENT), true);
        assertThat(outbox.isOverMark()).isTrue();
        outbox.whenFlushed(() -> heard.add("flushed"));
        client.breakDown();

        await().until(() -> !writer.isAlive());
        put("later", true);
        reactor.turn();
        assertThat(heard).containsExactly("dead: Broken pipe", "flushed");
        assertThat(outbox.queuedBytes()).isZero();
        assertThat(outbox.isOverMark()).isFalse();
        assertThat(outbox.isBusy()).isFalse();
    }

    @Test
    void closesAfterTheLastFrameAndTakesNoMore() throws Exception {
        put("last", false);
        outbox.close();
        put("too late", false);
        client.takeAll();
        writer.start();

        writer.join(10_000);
        assertThat(new String(client.taken(), UTF_8)).isEqualTo("last");
    }

    @Test
    void switchesToAnotherStreamBetweenTwoFrames() throws Exception {
        ByteArrayOutputStream other = new ByteArrayOutputStream();
        writer.start();
        put("old", false);
        await().until(() -> outbox.isBusy());
        CompletableFuture<Void> switched = outbox.switchTo(() -> other);
        assertThat(switched).isNotDone();
        client.takeAll();

        switched.get();
        put("new", false);
        await().untilAsserted(() -> assertThat(other.toString(UTF_8)).isEqualTo("new"));
        assertThat(new String(client.taken(), UTF_8)).isEqualTo("old");
    }

    @Test
    void switchesWhileItIsIdle() throws Exception {
        writer.start();

        outbox.switchTo(ByteArrayOutputStream::new).get();

        assertThat(client.writes()).isZero();
    }

    @Test
    void whatThereIsRoomForIsWrittenByTheCallerAndTheRestByTheWriter() throws Exception {
        RoomyClient roomy = writesToARoomyClient();

        roomy.room = 7;
        put("answer", false);
        assertThat(roomy.text()).isEqualTo("answer");
        assertThat(roomy.writers).containsExactly(Thread.currentThread());
        assertThat(outbox.isBusy()).isFalse();
        roomy.room = 2;
        put("another", false);
        put("behind", false);
        roomy.takeAll();
        await().until(() -> !outbox.isBusy());
        assertThat(roomy.text()).isEqualTo("answeranotherbehind");
        assertThat(roomy.writers).contains(writer);
    }

    @Test
    void aFloodIsWrittenByTheCallerAsFarAsThereIsRoom() throws Exception {
        RoomyClient roomy = writesToARoomyClient();
        String frame = "0123456789abcdef".repeat(Outbox.BIG_FRAME / 16);

        roomy.room = frame.length() + 10;
        put(frame, true);
        assertThat(roomy.writers).containsExactly(Thread.currentThread());
        assertThat(outbox.queuedOutput()).isZero();
        put(frame, true);
        assertThat(outbox.queuedBytes()).isPositive();
        put("behind it", false);
        roomy.takeAll();
        await().until(() -> !outbox.isBusy());
        assertThat(roomy.text()).isEqualTo(frame + frame + "behind it");
        assertThat(outbox.queuedOutput()).isZero();
    }

    @Test
    void outputIsLeftToTheWriter() throws Exception {
        RoomyClient roomy = writesToARoomyClient();
        roomy.room = 1000;
        put("output", true);
        put("answer behind it", false);
        roomy.takeAll();
        await().until(() -> !outbox.isBusy());
        assertThat(roomy.text()).isEqualTo("outputanswer behind it");
        assertThat(roomy.writers).containsOnly(writer);
    }

    @Test
    void theRestOfAFrameStaysWithItsBeginning() throws Exception {
        RoomyClient roomy = writesToARoomyClient();
        ByteArrayOutputStream other = new ByteArrayOutputStream();
        roomy.room = 2;
        put("divided", false);
        CompletableFuture<Void> switched = outbox.switchTo(() -> other);
        roomy.takeAll();
        switched.get();
        put("new", false);
        await().until(() -> !outbox.isBusy());
        assertThat(roomy.text()).isEqualTo("divided");
        assertThat(other.toString(UTF_8)).isEqualTo("new");
    }

    @Test
    void aClientThatIsGoneIsFoundByTheWriter() throws Exception {
        RoomyClient roomy = writesToARoomyClient();
        roomy.breakDown();
        roomy.room = -1;
        put("answer", false);
        await().until(() -> !writer.isAlive());
        reactor.turn();
        assertThat(heard).containsExactly("dead: Broken pipe");
    }

    private RoomyClient writesToARoomyClient() throws Exception {
        RoomyClient roomy = new RoomyClient();
        CompletableFuture<Void> onRoomy = outbox.switchTo(() -> roomy);
        writer.start();
        onRoomy.get();
        assertThat(outbox.isPrompt()).isTrue();
        return roomy;
    }

    /** A client that takes some bytes at once, and the rest as a slow one. */
    private static final class RoomyClient extends SlowClient implements PromptOutput {
        final Set<Thread> writers = ConcurrentHashMap.newKeySet();
        /** In bytes; -1: nobody reads. */
        int room;

        String text() {
            return new String(taken(), UTF_8);
        }

        @Override
        public int writeAvailable(byte[] bytes, int offset, int length) throws IOException {
            if (room < 0) {
                throw new IOException("Broken pipe");
            }
            int count = Math.min(room, length);
            keep(bytes, offset, count);
            room -= count;
            writers.add(Thread.currentThread());
            return count;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            super.write(bytes, from, length);
            writers.add(Thread.currentThread());
        }
    }

    @Test
    void usesItsMemoryAgain() {
        writer.start();
        byte[] frame = new byte[1000];
        for (int round = 0; round < 200; round++) {
            while (!outbox.isOverMark()) {
                outbox.output(frame, 0, frame.length);
            }
            client.take(10);
            awaitWritten();
        }

        assertThat(outbox.segmentsMade()).isLessThan(12);
    }

    @Test
    void aClientThatReadsNoAnswersGetsNoFurtherOnes() throws Exception {
        assertThat(outbox.awaitRoomForAnswers(Duration.ZERO)).isTrue();
        byte[] answer = new byte[Outbox.CONTROL_LIMIT + 1];
        outbox.control(answer, 0, answer.length);
        assertThat(outbox.awaitRoomForAnswers(Duration.ZERO)).isFalse();
        CompletableFuture<Boolean> mayRead = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try {
                        mayRead.complete(outbox.awaitRoomForAnswers(Duration.ofSeconds(60)));
                    } catch (InterruptedException e) {
                        mayRead.completeExceptionally(e);
                    }
                },
                "test-reader");
        reader.start();
        await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);
        assertThat(mayRead).isNotDone();

        writer.start();
        client.takeAll();
        assertThat(mayRead.get(10, TimeUnit.SECONDS)).isTrue();
        reader.join(10_000);
        assertThat(reader.isAlive()).isFalse();
    }

    private void awaitWritten() {
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofNanos(50_000))
                .until(() -> outbox.queuedBytes() == 0);
    }

    private void put(String frame, boolean output) {
        byte[] bytes = frame.getBytes(UTF_8);
        if (output) {
            outbox.output(bytes, 0, bytes.length);
        } else {
            outbox.control(bytes, 0, bytes.length);
        }
    }
}
