package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.Os;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Many and much. */
abstract class StressContract extends BackendContract {
    private static final int EACH = 64 * 1024;
    /** A kibibyte kept for each child would be twice that. */
    private static final long FLAT_EACH = 512;

    private static final int ROUND = 50;

    /** How many children run at the same time in the test of many. */
    abstract int manyChildren();

    /** How many bytes go through in the test of much. */
    long muchBytes() {
        return 100L << 20;
    }

    @Test
    @Shows({Row.END, Row.SPAWN_PROCESS})
    void childrenThatExitAtOnceKeepTheirOutput() throws Exception {
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < Platform.times(250); i++) {
            children.add(spawn(
                    Steps.of().out("out " + i + "\n").err("err " + i + "\n").exit(i % 7)));
        }
        for (int i = 0; i < children.size(); i++) {
            Recorder heard = children.get(i).heard();
            assertThat(heard.awaitEnded().shellCode()).isEqualTo(i % 7);
            assertThat(heard.text(1)).isEqualTo("out " + i + "\n");
            assertThat(heard.text(2)).isEqualTo("err " + i + "\n");
        }
    }

    @Test
    @Shows({Row.SPAWN_PROCESS, Row.WRITE, Row.END})
    void manyAtTheSameTimeKeepTheirBytesApart() throws Exception {
        List<Child> children = new ArrayList<>();
        SpawnRequest cat = request(Steps.of().copyInput());
        for (int i = 0; i < manyChildren(); i++) {
            children.add(Child.spawn(reactor(), Recorder.summing(), cat));
        }
        for (int i = 0; i < children.size(); i++) {
            children.get(i).writes(bytesOf(i));
        }
        for (int i = 0; i < children.size(); i++) {
            Recorder heard = children.get(i).heard();
            heard.await("all bytes of child " + i, () -> heard.count(1) == EACH);
        }
        // All of them lived until here.
        for (Child child : children) {
            child.closesStdin();
        }
        for (int i = 0; i < children.size(); i++) {
            assertThat(children.get(i).heard().awaitEnded()).isEqualTo(new ProcessDone(0));
            CRC32 sum = new CRC32();
            sum.update(bytesOf(i));
            assertThat(children.get(i).heard().sum(1)).isEqualTo(sum.getValue());
        }
    }

    @Test
    @Shows({Row.SPAWN_PROCESS, Row.END})
    void memoryStaysFlatOverManyChildren() throws Exception {
        long before = heldAfter(Platform.times(4));
        int rounds = Platform.times(16);
        long flat = FLAT_EACH * rounds * ROUND;
        List<Long> kept = new ArrayList<>();
        // What is kept for each child is kept every time; what the JVM itself comes to keep, on a slow machine later
        // than on another, once.
        do {
            long after = heldAfter(rounds);
            kept.add(after - before);
            before = after;
        } while (kept.get(kept.size() - 1) >= flat && kept.size() < 3);
        assertThat(kept)
                .as("bytes kept after %s more children, each time", rounds * ROUND)
                .anyMatch(bytes -> bytes < flat);
    }

    /** Runs rounds of children that write and end, and returns what the heap holds then. */
    private long heldAfter(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            List<Child> children = new ArrayList<>();
            for (int i = 0; i < ROUND; i++) {
                children.add(Child.spawn(
                        reactor(),
                        Recorder.summing(),
                        request(Steps.of().out("out\n").err("err\n"))));
            }
            for (Child child : children) {
                assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
            }
        }
        return leastHeld();
    }

    /**
     * Objects with a cleaner go at the second collection, and after the cleaner's thread had its turn: the least until several collections, with
     * a pause before each, bring it no further.
     */
    private static long leastHeld() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        AtomicLong least = new AtomicLong(Long.MAX_VALUE);
        AtomicInteger inVain = new AtomicInteger();
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    memory.gc();
                    long held = memory.getHeapMemoryUsage().getUsed();
                    if (held < least.get()) {
                        least.set(held);
                        inVain.set(0);
                    }
                    return inVain.incrementAndGet() >= 5;
                });
        return least.get();
    }

    @Test
    @Shows({Row.SPAWN_PROCESS, Row.END, Row.SPAWN_EXCEPTION})
    void handlesStayFlatOverManyChildren() throws Exception {
        startAndFail(20);
        int before = Os.openHandles();
        int times = Platform.times(200);
        startAndFail(times);
        // What the JVM opens for itself meanwhile is little beside one handle of each.
        Awaitility.await()
                .untilAsserted(() -> assertThat(Os.openHandles() - before).isLessThan(times / 3));
    }

    private void startAndFail(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertThat(spawn(Programs.EXIT.command("3")).heard().awaitEnded().shellCode())
                    .isEqualTo(3);
            assertThatThrownBy(() -> spawn(List.of("no-such-program-xyz"))).isInstanceOf(SpawnException.class);
        }
    }

    private static byte[] bytesOf(int child) {
        byte[] bytes = new byte[EACH];
        new Random(child).nextBytes(bytes);
        return bytes;
    }

    @Test
    @Shows({Row.PRODUCER, Row.WRITE})
    void muchGoesThroughUnchangedAndUnheaped() throws Exception {
        long total = muchBytes();
        CRC32 sent = new CRC32();
        AtomicLong left = new AtomicLong(total);
        AtomicLong mostQueued = new AtomicLong();
        Random random = new Random(1);
        byte[] piece = new byte[256 * 1024];
        Child child =
                Child.spawn(reactor(), Recorder.summing(), request(Steps.of().copyInput()));
        child.does(process -> process.registerProducer(
                new Feeder(() -> {
                    if (left.get() == 0) {
                        process.unregisterProducer();
                        process.closeStdin();
                        return;
                    }
                    random.nextBytes(piece);
                    sent.update(piece);
                    left.addAndGet(-piece.length);
                    process.write(ByteBuffer.wrap(piece));
                    mostQueued.accumulateAndGet(process.queuedBytes(), Math::max);
                }),
                false));
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().count(1)).isEqualTo(total);
        assertThat(child.heard().sum(1)).isEqualTo(sent.getValue());
        // One piece, and where a thread writes, what it has in hand.
        assertThat(mostQueued.get()).isLessThanOrEqualTo(piece.length + EACH);
    }

    @Test
    @Shows({Row.END, Row.TREE})
    void aDoubleForkedProcessDoesNotDelayTheEnd() throws Exception {
        Child child = spawn(Programs.DOUBLE_FORK.command());
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        long away = Long.parseLong(child.heard().awaitLine(1));
        ProcessHandle stray = ProcessHandle.of(away).orElseThrow();
        assertThat(stray.isAlive()).isTrue();
        stray.destroyForcibly();
    }

    @Test
    @Shows(Row.EXACT_DESCRIPTORS)
    void noneOfManyHoldsTheInputOfAnother() throws Exception {
        requireElseNotRun(Capability.EXACT_DESCRIPTORS);
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            children.add(spawn(Programs.ECHO.command()));
        }
        // In the order of starting: were an input held by a later child, this would wait for that one.
        for (Child child : children) {
            child.closesStdin();
            assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        }
    }
}
