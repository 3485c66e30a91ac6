package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Programs;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The peak that is told is the target's own, not what it inherits from a large adapter. */
@ExtendWith(LeakCheck.class)
class PeakMemoryTest {
    private static final long MIB = 1 << 20;

    private static long peak(AdapterProcess adapter, boolean exact) {
        adapter.awaitTerminated();
        String line = Ends.assertCode(adapter.timeline(), 0);
        assertThat(line).contains("MiB peak");
        JsonObject exit = adapter.timeline().exactlyOnce(event("gantry/exit")).body();
        assertThat(exit.get("peakExact").getAsBoolean()).isEqualTo(exact);
        assertThat(line.contains(" at least ")).isNotEqualTo(exact);
        return exit.get("peakResidentBytes").getAsLong();
    }

    private static AdapterProcess large() {
        AdapterProcess adapter = AdapterProcess.start(
                AdapterCommand.dap().withJvmOptions("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch"));
        adapter.initialize();
        assertThat(Processes.resident(adapter.pid())).isGreaterThan(150 * MIB);
        return adapter;
    }

    @Test
    void aTinyTargetOfALargeAdapterHasATinyPeak() {
        try (AdapterProcess adapter = large()) {
            adapter.launch(Json.shell("echo ready; read x"));
            adapter.timeline().awaitOutput("stdout", "ready\n");
            // It is looked at every 20 ms at first: it lives long enough to be seen, however fast the answers come.
            long seen = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
            while (System.nanoTime() < seen) {
                adapter.client().ask("gantry/processTree", null);
            }
            adapter.client().ask("gantry/write", Json.object("text", "x\n"));
            long peak = peak(adapter, false);
            System.out.println("peak of a shell under a large adapter: " + peak + " bytes");
            assertThat(peak).isBetween(MIB / 4, 16 * MIB);
        }
    }

    @Test
    void aLargeTargetHasALargePeak() {
        try (AdapterProcess adapter = large()) {
            adapter.launch(Json.launching(Programs.MEMORY.command("300")));
            adapter.timeline().awaitOutput("stdout", "ready\n");
            adapter.client().ask("gantry/closeStdin", null);
            assertThat(peak(adapter, true)).isBetween(300 * MIB, 400 * MIB);
        }
    }
}
