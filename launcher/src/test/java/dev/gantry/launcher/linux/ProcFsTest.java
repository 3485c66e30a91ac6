package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.ProcessInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFsTest {
    private static final long SELF = 5;

    @TempDir
    private Path root;

    private FakeProc fake = new FakeProc(Path.of("/nowhere"));

    @BeforeEach
    void weExist() throws IOException {
        fake = new FakeProc(root).add(SELF, 1, 'S', 1);
    }

    @Test
    void describesAProcess() throws IOException {
        fake.add(10, SELF, 'S', 100);

        assertThat(fake.seenBy(SELF).info(10))
                .contains(new ProcessInfo(10, SELF, 100, 'S', "prog 10", 1024 * 1024, Duration.ofSeconds(1)));
        assertThat(fake.seenBy(SELF).peakResidentBytes(10)).hasValue(2048 * 1024);
    }

    @Test
    void whatIsGoneIsEmpty() {
        ProcFs proc = fake.seenBy(SELF);

        assertThat(proc.stat(99)).isEmpty();
        assertThat(proc.info(99)).isEmpty();
        assertThat(proc.command(99)).isEmpty();
        assertThat(proc.residentBytes(99)).isEmpty();
        assertThat(proc.children(99)).isEmpty();
        assertThat(proc.tree(List.of(new ProcessId(99, 1)))).isEmpty();
    }

    @Test
    void aProcessWithoutArgumentsIsNamedInBrackets() throws IOException {
        fake.add(10, SELF, 'S', 100);
        Files.writeString(fake.process(10).resolve("cmdline"), "");

        assertThat(fake.seenBy(SELF).command(10)).contains("[p) q]");
    }

    @Test
    void aLongCommandLineIsCutBetweenCharacters() throws IOException {
        fake.add(10, SELF, 'S', 100);
        Files.writeString(fake.process(10).resolve("cmdline"), "x" + "😀".repeat(3000), StandardCharsets.UTF_8);

        assertThat(fake.seenBy(SELF).command(10)).contains("x" + "😀".repeat(2047));
    }

    @Test
    void theTreeHasChildrenOfEveryThreadOnceAndNoZombies() throws IOException {
        fake.add(10, SELF, 'S', 100).children(10, 10, "11 12 ").children(10, 20, "13 ");
        fake.add(11, 10, 'S', 110).children(11, 11, "14 ");
        fake.add(12, 10, 'Z', 120);
        fake.add(13, 10, 'T', 130);
        fake.add(14, 11, 'R', 140);
        fake.children(SELF, SELF, "10 ");

        List<ProcessInfo> tree = fake.seenBy(SELF).tree(List.of(new ProcessId(10, 100), new ProcessId(11, 110)));

        assertThat(tree).extracting(ProcessInfo::pid).startsWith(10L).containsExactlyInAnyOrder(10L, 11L, 13L, 14L);
        assertThat(fake.seenBy(SELF).ownChildren()).containsExactly(10L);
    }

    @Test
    void aRecycledRootIsNotInTheTree() throws IOException {
        fake.add(10, SELF, 'S', 100).children(10, 10, "11 ").add(11, 10, 'S', 110);
        fake.children(SELF, SELF, "10 ");

        assertThat(fake.seenBy(SELF).tree(List.of(new ProcessId(10, 99)))).isEmpty();
    }

    @Test
    void withoutListsOfChildrenEverybodysParentIsAsked() throws IOException {
        fake.add(10, SELF, 'S', 100).add(11, 10, 'S', 110).add(12, 11, 'S', 120).add(13, 1, 'S', 130);

        assertThat(fake.seenBy(SELF).tree(List.of(new ProcessId(10, 100))))
                .extracting(ProcessInfo::pid)
                .containsExactly(10L, 11L, 12L);
        assertThat(fake.seenBy(SELF).ownChildren()).containsExactly(10L);
    }

    @Test
    void holdersAreOthersThanOurselves() throws IOException {
        fake.add(10, SELF, 'S', 100).link(10, 1, "pipe:[77]");
        fake.add(11, SELF, 'S', 110).link(11, 0, "/dev/pts/3").link(11, 1, "pipe:[770]");
        fake.link(SELF, 9, "pipe:[77]");

        ProcFs proc = fake.seenBy(SELF);

        assertThat(proc.link(9)).contains("pipe:[77]");
        assertThat(proc.link(8)).isEmpty();
        assertThat(proc.holdersOf(Set.of("pipe:[77]")))
                .extracting(ProcessInfo::pid)
                .containsExactly(10L);
        assertThat(proc.holdersOf(Set.of("/dev/pts/3")))
                .extracting(ProcessInfo::pid)
                .containsExactly(11L);
        assertThat(proc.holdersOf(Set.of())).isEmpty();
    }

    @Test
    void theRealOneKnowsThisProcessAndItsChild() throws Exception {
        ProcFs proc = ProcFs.system();
        long before = proc.ticksNow();
        try (TestChild child = TestChild.shell("echo ready; read x")) {
            ProcessInfo info = proc.info(child.pid()).orElseThrow();

            assertThat(info.parentPid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(info.command()).startsWith("/bin/sh -c echo ready; read x");
            assertThat(info.startTime()).isBetween(before, proc.ticksNow());
            assertThat(info.residentBytes()).isPositive();
            assertThat(proc.peakResidentBytes(child.pid())).isPresent();
            assertThat(proc.ownChildren()).contains(child.pid());
            assertThat(proc.tree(List.of(child.id())))
                    .extracting(ProcessInfo::pid)
                    .containsExactly(child.pid());
        }
    }
}
