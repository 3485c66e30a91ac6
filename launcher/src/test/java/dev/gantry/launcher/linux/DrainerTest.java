package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DrainerTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ProcessId SOMEBODY = new ProcessId(12, 345);

    private final ProcFs proc = ProcFs.system();
    private final List<ProcessId> started = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        proc.treeStats(started).forEach(stat -> TestChild.kill(stat.id()));
        await().atMost(SOON).until(() -> started.stream().noneMatch(proc::isAlive));
    }

    @Test
    void readersComeFirstAndNeedToBlock() {
        Drainer.Plan plan = Drainer.plan(SOMEBODY, List.of(41, 17), List.of(40, 50));

        assertThat(plan.childFds()).isEqualTo(new TreeMap<>(Map.of(3, 41, 4, 17, 10, 40, 11, 50)));
        assertThat(plan.toMakeBlocking()).containsExactly(41, 17);
        assertThat(plan.command()).startsWith("/bin/sh", "-c").endsWith("12", "345", "hold", "3", "4");
    }

    @Test
    void withoutWritersNothingIsHeld() {
        assertThat(Drainer.plan(SOMEBODY, List.of(41), List.of()).command()).endsWith("12", "345", "", "3");
    }

    @Test
    void refusesWhatItCannotDrain() {
        assertThatThrownBy(() -> Drainer.plan(SOMEBODY, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Drainer.plan(SOMEBODY, List.of(1, 2, 3, 4, 5, 6, 7, 8), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aChattyProcessWritesOnAndTheDrainerEndsWithIt() throws Exception {
        fifos("out", "err");
        Process target = start(
                "sh",
                "-c",
                "i=0; while [ $i -lt 20000 ]; do echo output $i; echo error $i >&2; "
                        + "i=$((i+1)); done >out 2>err; echo done >finished; exec 1>&- 2>&-");
        Process drainer = drain(target, List.of("out", "err"), List.of());

        assertThat(target.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("finished"))).isEqualTo("done\n");
        assertThat(drainer.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatIsHeldStaysOpenUntilTheProcessIsGone() throws Exception {
        fifos("in", "out");
        Process target = start("sh", "-c", "exec >out <in; echo up; read line; echo ended >finished");
        Process drainer = drain(target, List.of("out"), List.of("in"));
        ProcessId reading = proc.identity(target.pid()).orElseThrow();
        await().atMost(SOON)
                .until(() -> Files.exists(Path.of("/proc/" + target.pid() + "/fd/0"))
                        && proc.stat(drainer.pid()).isPresent()
                        && !proc.children(drainer.pid()).isEmpty());
        assertThat(proc.isAlive(reading)).isTrue();
        assertThat(folder.resolve("finished")).doesNotExist();

        TestChild.kill(reading);

        assertThat(drainer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("finished")).doesNotExist();
    }

    @Test
    void endsByATermSignalWithAllItsReaders() throws Exception {
        fifos("out", "err");
        Process target = start("sh", "-c", "exec >out 2>err; while :; do sleep 1000; done");
        Process drainer = drain(target, List.of("out", "err"), List.of());
        await().atMost(SOON)
                .until(() -> proc.children(drainer.pid()).stream()
                                .filter(child -> proc.command(child).orElse("").equals("cat"))
                                .count()
                        == 2);
        List<ProcStat> all = proc.treeStats(List.of(proc.identity(drainer.pid()).orElseThrow()));

        drainer.destroy();

        await().atMost(SOON).until(() -> all.stream().noneMatch(each -> proc.isAlive(each.id())));
    }

    @Test
    void withoutTheWordItReadsNothingAndEnds() throws Exception {
        fifos("out");
        Process target = start("sh", "-c", "exec >out; echo kept; exec sleep 100");
        Drainer.Plan plan = Drainer.plan(proc.identity(target.pid()).orElseThrow(), List.of(100), List.of());
        List<String> command = new ArrayList<>(List.of("setsid", "bash", "-c", "exec 3<out\nexec \"$@\"", "bash"));
        command.addAll(plan.command());
        Process drainer = start(command.toArray(String[]::new));
        try (InputStream stillThere = Files.newInputStream(folder.resolve("out"))) {
            drainer.getOutputStream().close();
            assertThat(drainer.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(stillThere.readNBytes(5)).isEqualTo("kept\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private Process drain(Process target, List<String> readFifos, List<String> writeFifos) throws IOException {
        List<Integer> reads = new ArrayList<>();
        readFifos.forEach(fifo -> reads.add(100 + reads.size()));
        List<Integer> writes = new ArrayList<>();
        writeFifos.forEach(fifo -> writes.add(200 + writes.size()));
        Drainer.Plan plan = Drainer.plan(proc.identity(target.pid()).orElseThrow(), reads, writes);
        StringBuilder opening = new StringBuilder("exec ");
        for (int i = 0; i < reads.size(); i++) {
            opening.append(3 + i).append('<').append(readFifos.get(i)).append(' ');
        }
        for (int i = 0; i < writes.size(); i++) {
            opening.append(10 + i).append('>').append(writeFifos.get(i)).append(' ');
        }
        // bash: its redirections know numbers of two digits.
        List<String> command = new ArrayList<>(List.of("setsid", "bash", "-c", opening + "\nexec \"$@\"", "bash"));
        command.addAll(plan.command());
        Process drainer = start(command.toArray(String[]::new));
        try (OutputStream gate = drainer.getOutputStream()) {
            gate.write(Drainer.GO.getBytes(StandardCharsets.US_ASCII));
        }
        return drainer;
    }

    private Process start(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        started.add(proc.identity(process.pid()).orElseThrow());
        return process;
    }

    private void fifos(String... names) throws Exception {
        List<String> command = new ArrayList<>(List.of("mkfifo"));
        command.addAll(List.of(names));
        assertThat(new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .start()
                        .waitFor())
                .isZero();
    }
}
