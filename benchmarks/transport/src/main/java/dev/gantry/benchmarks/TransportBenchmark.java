package dev.gantry.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The cases; each with one peer in a JVM of its own. benchmarks/transport.py runs them in turn and makes the table. */
@State(Scope.Benchmark)
public class TransportBenchmark {
    /** What a bulk case carries, in bytes. */
    static final long BULK = 1_000_000_000L;

    static final int SPAWNS = 100;
    static final int CHILDREN = 1000;
    static final int EACH = 64 * 1024;

    @Param("gantry")
    public String peer = "gantry";

    private Peer used;
    private Peer.Echo echo;

    @Setup(Level.Trial)
    public void open() throws Exception {
        used = Peer.named(peer);
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        if (echo != null) {
            echo.close();
        }
        used.close();
    }

    /** What the case took of this process besides time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Cost {
        /** Processor time of this JVM, in milliseconds. */
        public double cpuMillis;

        /** The most memory that it has had, in MiB, less what it had before. */
        public double grownMib;

        private long begun;
        private double before;

        void begin() throws IOException {
            // As proc(5) says: from here on the mark is that of what follows.
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            before = mebibytes("VmRSS:");
            begun = cpu();
        }

        void end() throws IOException {
            cpuMillis = (cpu() - begun) / 1e6;
            grownMib = mebibytes("VmHWM:") - before;
        }

        private static double mebibytes(String key) throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(key)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
                }
            }
            throw new IOException("/proc/self/status has no " + key);
        }

        private static long cpu() {
            return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        }
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    @OperationsPerInvocation(SPAWNS)
    public void spawnToExit() throws Exception {
        used.run(List.of("/bin/true"), SPAWNS);
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public void echoRoundTrip() throws Exception {
        if (echo == null) {
            echo = used.echo(List.of("/bin/cat"));
        }
        echo.roundTrip(MESSAGE);
    }

    private static final byte[] MESSAGE = new byte[64];

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public long bulkStdout(Cost cost) throws Exception {
        cost.begin();
        long come = expect(used.read(List.of("/usr/bin/head", "-c", Long.toString(BULK), "/dev/zero")), BULK);
        cost.end();
        return come;
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public void bulkStdin(Cost cost) throws Exception {
        cost.begin();
        used.write(List.of("/bin/sh", "-c", "exec cat >/dev/null"), BULK);
        cost.end();
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public long thousandChildren(Cost cost) throws Exception {
        cost.begin();
        long come = expect(used.converse(List.of("/bin/cat"), CHILDREN, EACH), (long) CHILDREN * EACH);
        cost.end();
        return come;
    }

    private static long expect(long come, long wanted) {
        if (come != wanted) {
            throw new IllegalStateException(come + " bytes came of " + wanted);
        }
        return come;
    }
}
