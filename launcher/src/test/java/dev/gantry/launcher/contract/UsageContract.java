package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.Os;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.ResourceUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a process used. What cannot be told truly is left out. */
abstract class UsageContract extends BackendContract {
    @Test
    @Shows(Row.RESOURCE_USAGE)
    void theWallTimeRunsUntilTheReap() throws Exception {
        long before = System.nanoTime();
        Child child = spawn(Programs.READY_SLEEP.command());
        child.heard().awaitText(1, "ready");
        Duration first = child.asked(ProcessTransport::usage).wallTime();
        child.isKilled();
        Duration last = child.asked(ProcessTransport::usage).wallTime();
        Duration most = Duration.ofNanos(System.nanoTime() - before);
        assertThat(first).isPositive();
        assertThat(last).isGreaterThanOrEqualTo(first).isLessThanOrEqualTo(most);
        assertThat(child.asked(ProcessTransport::usage).wallTime()).isEqualTo(last);
    }

    private void requireTrueUsage() {
        if (can(Capability.RESOURCE_USAGE)) {
            Platform.requireUsageOfOthers();
        }
    }

    @Test
    @Shows(Row.RESOURCE_USAGE)
    void theTimeOfTheProcessorIsTold() throws Exception {
        requireTrueUsage();
        Child child = spawn(Programs.BUSY.command("300"));
        child.heard().awaitEnded();
        ResourceUsage usage = child.asked(ProcessTransport::usage);
        if (can(Capability.RESOURCE_USAGE)) {
            // What it has used in its own eyes, however slow the machine is; after that it only ends.
            Duration own = Duration.ofNanos(
                    (long) (Double.parseDouble(child.heard().text(1).strip()) * 1e9));
            Duration total =
                    usage.userTime().orElseThrow().plus(usage.systemTime().orElseThrow());
            assertThat(total).isBetween(own.minusMillis(10), own.plusMillis(200));
        } else {
            assertThat(usage.userTime()).isEmpty();
            assertThat(usage.systemTime()).isEmpty();
        }
    }

    @Test
    @Shows(Row.RESOURCE_USAGE)
    void thePeakOfMemoryIsTheChildsOrNotTold() throws Exception {
        requireTrueUsage();
        Child small = spawn(Programs.EXIT.command("0"));
        small.heard().awaitEnded();
        // A shell needs few MiB; what exec inherits from a JVM is much more, and would be a lie.
        assertThat(small.asked(ProcessTransport::usage).peakResidentBytes().orElse(0))
                .isLessThan(30L << 20);
        // More than the JVM ever had, so that the kernel's figure is the child's own.
        long mebibytes = 100 + (ourPeak() >> 20);
        Child big = spawn(Programs.MEMORY.command(Long.toString(mebibytes)));
        big.heard().awaitText(1, "ready");
        big.closesStdin();
        big.heard().awaitEnded();
        ResourceUsage usage = big.asked(ProcessTransport::usage);
        if (can(Capability.RESOURCE_USAGE)) {
            assertThat(usage.peakResidentBytes().orElseThrow()).isBetween(mebibytes << 20, (mebibytes + 60) << 20);
            assertThat(usage.peakExact()).isTrue();
        } else {
            assertThat(usage.peakResidentBytes()).isEmpty();
        }
    }

    @Test
    @Shows(Row.RESOURCE_USAGE)
    void thePeakOfALifeOfAMomentIsTrueOrNotTold() throws Exception {
        for (int i = 0; i < Platform.times(100); i++) {
            Child child = spawn(Steps.of());
            child.heard().awaitEnded();
            // A shell has more when it runs its first command; what exec and the loader map bit by bit is less.
            assertThat(child.asked(ProcessTransport::usage).peakResidentBytes().orElse(1 << 20))
                    .as("bytes, child %s", i)
                    .isGreaterThan(500_000);
        }
    }

    @Test
    @Shows(Row.RESOURCE_USAGE)
    void aPeakThatWasSeenBeforeTheEndIsALowerBound() throws Exception {
        requireTrueUsage();
        // Less than this JVM has, so that the kernel's figure is hidden, and all of it in the last moment, when nobody
        // looks.
        Child late = spawn(Programs.LATE_MEMORY.command("30"));
        late.heard().awaitText(1, "ready");
        if (can(Capability.RESOURCE_USAGE) && !Os.isWindows()) {
            assertThat(ourPeak()).isGreaterThan(60L << 20);
            await().until(() -> late.asked(ProcessTransport::usage).wallTime().compareTo(Duration.ofMillis(100)) > 0);
            assertThat(late.asked(ProcessTransport::usage).peakExact()).isTrue();
        }
        late.closesStdin();
        late.heard().awaitEnded();
        ResourceUsage usage = late.asked(ProcessTransport::usage);
        if (can(Capability.RESOURCE_USAGE) && Os.isWindows()) {
            // There the system counts for each process alone, to its end.
            assertThat(usage.peakExact()).isTrue();
            assertThat(usage.peakResidentBytes().orElseThrow()).isGreaterThan(30L << 20);
            return;
        }
        assertThat(usage.peakExact()).isFalse();
        if (can(Capability.RESOURCE_USAGE)) {
            assertThat(usage.peakResidentBytes().orElseThrow()).isPositive();
        }
    }

    /** The most memory that this JVM had resident; 0 where that cannot be told, and then nothing is told of a child either. */
    private static long ourPeak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}
