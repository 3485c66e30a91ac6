package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OomWatchTest {
    private static final String V2 = "40 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n";
    private static final String V1 = """
            34 31 0:31 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory
            35 31 0:32 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
            41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            """;

    @TempDir
    private Path system;

    private OomWatch watch = OomWatch.system();

    @BeforeEach
    void inAFakeSystem() {
        watch = new OomWatch(system.resolve("proc"), system);
    }

    @Test
    void readsTheCounterOfVersionTwo() throws IOException {
        mounts(V2);
        groups("0::/user.slice/a\n");
        counter("sys/fs/cgroup/user.slice/a/memory.events", 2);

        OomWatch.Sample begin = begin().orElseThrow();

        assertThat(begin.kills()).isEqualTo(2);
        assertThat(watch.killedSince(begin)).isFalse();
        counter("sys/fs/cgroup/user.slice/a/memory.events", 3);
        assertThat(watch.killedSince(begin)).isTrue();
    }

    @Test
    void prefersWhatHappenedInTheGroupItself() throws IOException {
        mounts(V2);
        groups("0::/a\n");
        counter("sys/fs/cgroup/a/memory.events", 9);
        counter("sys/fs/cgroup/a/memory.events.local", 1);

        assertThat(begin().orElseThrow().kills()).isEqualTo(1);
    }

    @Test
    void readsTheCounterOfVersionOneBesideAnEmptyVersionTwo() throws IOException {
        mounts(V1);
        groups("9:name=systemd:/\n4:memory,x:/job/7\n1:cpu:/other\n0::/\n");
        counter("sys/fs/cgroup/memory/job/7/memory.oom_control", 5);

        assertThat(begin().orElseThrow().kills()).isEqualTo(5);
    }

    @Test
    void aMountMayShowAPartOfTheHierarchy() throws IOException {
        mounts("40 31 0:38 /docker/abc /sys/fs/cg\\040roup rw - cgroup2 cgroup2 rw\n");
        groups("0::/docker/abc/x\n");
        counter("sys/fs/cg roup/x/memory.events", 4);

        assertThat(begin().orElseThrow().kills()).isEqualTo(4);
        groups("0::/docker/abcd\n");
        assertThat(begin()).isEmpty();
    }

    @Test
    void knowsNothingWhereNobodyCounts() throws IOException {
        assertThat(begin()).isEmpty();
        mounts(V2);
        groups("0::/\n");
        assertThat(begin()).isEmpty();
        Files.createDirectories(system.resolve("sys/fs/cgroup"));
        Files.writeString(system.resolve("sys/fs/cgroup/memory.events"), "low 0\noom 3\n");
        assertThat(begin()).isEmpty();
    }

    @Test
    void aGroupThatIsGoneTellsNothing() throws IOException {
        mounts(V2);
        groups("0::/a\n");
        counter("sys/fs/cgroup/a/memory.events", 1);
        OomWatch.Sample begin = begin().orElseThrow();

        Files.delete(begin.counter());

        assertThat(watch.killedSince(begin)).isFalse();
    }

    private Optional<OomWatch.Sample> begin() {
        return watch.begin(7);
    }

    private void mounts(String text) throws IOException {
        write("proc/self/mountinfo", text);
    }

    private void groups(String text) throws IOException {
        write("proc/7/cgroup", text);
    }

    private void counter(String file, int kills) throws IOException {
        write(file, "oom 9\noom_kill " + kills + "\noom_group_kill 0\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = system.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
