package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is of a family, and who is remembered for how long: with processes that are files. */
class FamilyTest {
    private static final long SELF = 5;
    private static final ProcessId ROOT = new ProcessId(10, 100);

    @TempDir
    private Path folder;

    private FakeProc fake = new FakeProc(Path.of("/nowhere"));
    private Family family = new Family(ROOT, fake.seenBy(SELF), Set.of(), false, Optional.empty());
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void aRootAndItsChild() throws IOException {
        fake = new FakeProc(folder).add(SELF, 1, 'S', 1).add(10, SELF, 'S', 100).add(11, 10, 'S', 110);
        fake.children(SELF, SELF, "10 ").children(10, 10, "11 ").children(11, 11, "");
        Guardian guardian = new Guardian(lines ->
                told.addAll(new String(lines, StandardCharsets.US_ASCII).lines().toList()));
        Guardian.Ward ward = guardian.intend(1, List.of("pipe:[7]"));
        ward.started(ROOT);
        told.clear();
        family = new Family(ROOT, fake.seenBy(SELF), Set.of(SELF), false, Optional.of(ward));
    }

    @Test
    void whoWasSeenIsKnownWhenHisParentIsGone() throws IOException {
        look();
        fake.remove(10).state(11, 'S', SELF, 11, 11);

        assertThat(pids(family.living())).containsExactly(11L);
        assertThat(family.claims(stat(11))).isTrue();
    }

    @Test
    void aSessionOrGroupThatAMemberMadeIsProof() throws IOException {
        fake.state(11, 'S', 10, 11, 11);
        look();
        fake.remove(11)
                .add(12, SELF, 'S', 120)
                .state(12, 'S', SELF, 12, 11)
                .add(13, SELF, 'S', 120)
                .state(13, 'S', SELF, 11, 13)
                .add(14, SELF, 'S', 120);

        assertThat(family.claims(stat(12))).isTrue();
        assertThat(family.claims(stat(13))).isTrue();
        assertThat(family.claims(stat(14))).isFalse();
    }

    @Test
    void aSharedSessionOrGroupIsNone() throws IOException {
        fake.state(10, 'S', SELF, 10, SELF).state(11, 'S', 10, SELF, SELF);
        look();
        fake.add(12, SELF, 'S', 120).state(12, 'S', SELF, SELF, SELF);

        assertThat(family.claims(stat(12))).isFalse();
        assertThat(family.mayHave(stat(12))).isFalse();
    }

    @Test
    void aPipeOfItsOwnIsProof() throws IOException {
        fake.add(12, SELF, 'S', 120).link(12, 1, "pipe:[7]");
        fake.add(13, SELF, 'S', 120).link(13, 1, "pipe:[8]");

        assertThat(family.claims(stat(12))).isTrue();
        assertThat(family.claims(stat(13))).isFalse();
    }

    @Test
    void whatIsOlderThanTheRootIsNotOfIt() throws IOException {
        fake.add(12, SELF, 'S', 99).add(13, SELF, 'S', 101);

        assertThat(family.mayHave(stat(12))).isFalse();
        assertThat(family.mayHave(stat(13))).isTrue();
    }

    @Test
    void theDeadAreRememberedForOneMoreLook() throws IOException {
        fake.state(11, 'S', 10, 11, 11);
        look();
        fake.remove(11).children(10, 10, "");
        fake.add(12, SELF, 'S', 120).state(12, 'S', SELF, 12, 11);

        look();
        assertThat(family.claims(stat(12))).isTrue();
        look();
        assertThat(family.claims(stat(12))).isFalse();
    }

    @Test
    void itIsOverWhenTwoLooksSeeNobody() throws IOException {
        look();
        fake.remove(11).state(10, 'Z', SELF, 10, 10);
        look();
        look();
        assertThat(family.isOver()).isFalse();

        family.rootEnded();
        fake.remove(10);

        assertThat(family.isOver()).isTrue();
    }

    @Test
    void whoCannotBeLookedAtIsWhatHeWas() throws IOException {
        look();
        family.rootEnded();
        fake.remove(10).state(11, 'S', SELF, 11, 11).unreadable(11);
        look();
        look();
        look();

        assertThat(family.isOver()).isFalse();
        assertThat(pids(family.living())).containsExactly(11L);

        fake.remove(11);
        look();
        look();
        assertThat(family.isOver()).isTrue();
    }

    @Test
    void aChildThatTheKernelLeftOutOfItsListIsStillThere() throws IOException {
        look();
        fake.children(10, 10, "");
        look();

        assertThat(pids(family.living())).containsExactly(10L, 11L);
    }

    @Test
    void theGuardianIsToldOfWhomItCouldLoseSightWhileTheParentLives() throws IOException {
        fake.state(11, 'S', 10, 10, 10).children(11, 11, "12 13 ");
        fake.add(12, 11, 'S', 120).state(12, 'S', 11, 12, 12).children(12, 12, "14 ");
        fake.add(13, 11, 'S', 130).state(13, 'S', 11, 10, 10);
        fake.add(14, 12, 'S', 140).state(14, 'S', 12, 12, 12);
        look();
        look();

        // The others are in a session of the root or of this one.
        assertThat(told).containsExactly("member 1 12 120");

        told.clear();
        fake.remove(12).state(14, 'S', SELF, 12, 12);
        look();
        assertThat(told).containsExactly("member 1 14 140", "gone 1 12 120");
    }

    @Test
    void everybodyIsSignalledThoughOneRefuses() throws Exception {
        try (TestChild child = TestChild.session("sleep 1000 >/dev/null & sleep 1000 >/dev/null & echo ready; wait")) {
            Family real = new Family(child.id(), ProcFs.system(), Set.of(), false, Optional.empty());
            List<Long> signalled = new ArrayList<>();
            SignalSender sender = (process, signal) -> {
                if (signalled.isEmpty()) {
                    signalled.add(0L);
                    throw new IOException("kill: EPERM (1)");
                }
                return signalled.add(process.pid());
            };

            assertThatThrownBy(() -> real.signal(Signal.TERM, sender, line -> {}))
                    .hasMessage("kill: EPERM (1)");

            assertThat(signalled).hasSize(3);
        }
    }

    private void look() throws IOException {
        TreeWalk walk = family.walk(fake.seenBy(SELF).childLookup());
        walk.finish();
        family.looked(walk);
        family.report();
    }

    private ProcStat stat(long pid) {
        return fake.seenBy(SELF).stat(pid).orElseThrow();
    }

    private static List<Long> pids(List<ProcessInfo> processes) {
        return processes.stream().map(ProcessInfo::pid).toList();
    }
}
