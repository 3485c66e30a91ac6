package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Pythons;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.ResourceUsage;
import java.time.Duration;
import java.util.List;
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

    @Test
    @Shows(Row.RESOURCE_USAGE)
    void theTimeOfTheProcessorIsTold() throws Exception {
        Child child = spawn(List.of(
                Pythons.newest().executable().toString(),
                "-ISc",
                "import time\nwhile time.process_time() < 0.3: pass"));
        child.heard().awaitEnded();
        ResourceUsage usage = child.asked(ProcessTransport::usage);
        if (can(Capability.RESOURCE_USAGE)) {
            Duration total =
                    usage.userTime().orElseThrow().plus(usage.systemTime().orElseThrow());
            assertThat(total).isBetween(Duration.ofMillis(290), Duration.ofMillis(900));
        } else {
            assertThat(usage.userTime()).isEmpty();
            assertThat(usage.systemTime()).isEmpty();
        }
    }

    @Test
    @Shows(Row.RESOURCE_USAGE)
    void thePeakOfMemoryIsTheChildsOrNotTold() throws Exception {
        Child small = spawn(Programs.EXIT.command("0"));
        small.heard().awaitEnded();
        // A shell needs few MiB; what exec inherits from a JVM is much more, and would be a lie.
        assertThat(small.asked(ProcessTransport::usage).peakResidentBytes().orElse(0))
                .isLessThan(30L << 20);
        Child big = spawn(Programs.MEMORY.command("700"));
        big.heard().awaitText(1, "ready");
        big.closesStdin();
        big.heard().awaitEnded();
        ResourceUsage usage = big.asked(ProcessTransport::usage);
        if (can(Capability.RESOURCE_USAGE)) {
            assertThat(usage.peakResidentBytes().orElseThrow()).isBetween(700L << 20, 760L << 20);
        } else {
            assertThat(usage.peakResidentBytes()).isEmpty();
        }
    }
}
