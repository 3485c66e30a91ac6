package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real script with real processes; the end of its pipe is our death. */
class GuardianTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String NO_LINK = "pipe:[0]";

    private final ProcFs proc = ProcFs.system();
    private final List<AutoCloseable> open = new ArrayList<>();
    private List<Long> childrenBefore = List.of();

    @BeforeEach
    void countChildren() {
        childrenBefore = proc.ownChildren();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(proc.ownChildren()).isSubsetOf(childrenBefore));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo ready; sleep 1000",
                "trap '' HUP INT TERM QUIT; echo ready; while :; do sleep 1000; done",
                "sleep 1000 & kill -STOP $!; echo ready $!; wait",
                "setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo ready $!; sleep 1000",
                "echo ready; kill -STOP $$",
            })
    void endsATree(String script) throws Exception {
        TestGuardian guardian = guardian();
        Guardian.Ward ward = guardian.commands().intend(proc.ticksNow(), List.of(NO_LINK));
        TestChild child = child(TestChild.session(script));
        ward.started(child.id());
        List<ProcessId> tree = ids(child);
        assertThat(tree).isNotEmpty();

        guardian.endOfInput();

        assertGone(tree);
    }

    @Test
    void endsADaemonThatWasReportedAsAnOrphan() throws Exception {
        TestGuardian guardian = guardian();
        TestChild child = child(TestChild.session(daemon("/dev/null")));
        ProcessId orphan = child.said(1);
        assertThat(proc.stat(orphan.pid()).orElseThrow().sessionId()).isNotEqualTo(child.pid());
        Guardian.Ward ward = guardian.commands().intend(child.id().startTime(), List.of(NO_LINK));
        ward.started(child.id());
        ward.member(orphan);

        guardian.endOfInput();

        assertGone(List.of(child.id(), orphan));
    }

    @Test
    void endsAnOrphanInTheGroupOfItsDeadRoot() throws Exception {
        TestGuardian guardian = guardian();
        TestChild child = child(TestChild.session("sleep 1000 >/dev/null & echo $!; read x"));
        ProcessId orphan = child.said(0);
        Guardian.Ward ward = guardian.commands().intend(child.id().startTime(), List.of(NO_LINK));
        ward.started(child.id());
        child.process().getOutputStream().close();
        assertThat(child.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(proc.isAlive(orphan)).isTrue();
        guardian.proveListening();

        guardian.endOfInput();

        assertGone(List.of(orphan));
    }

    @Test
    void findsWhatWasNeverRegisteredByItsPipe() throws Exception {
        TestGuardian guardian = guardian();
        long before = proc.ticksNow();
        TestChild child = child(TestChild.session("echo $$; read x"));
        guardian.commands().intend(before, List.of(linkOf(child.id(), 1)));
        guardian.proveListening();

        guardian.endOfInput();

        assertGone(List.of(child.id()));
    }

    @Test
    void findsADaemonByAPipeThatItStillHolds() throws Exception {
        TestGuardian guardian = guardian();
        TestChild child = child(TestChild.session("exec 4>&1; " + daemon("&4").replace(" 4>&-", "")));
        ProcessId daemon = child.said(1);
        Guardian.Ward ward =
                guardian.commands().intend(child.id().startTime(), List.of(linkOf(child.id(), 1), NO_LINK));
        ward.started(child.id());

        guardian.endOfInput();

        assertGone(List.of(child.id(), daemon));
    }

    @Test
    void aPipeThatWasAnnouncedAsClosedIsForgotten() throws Exception {
        TestGuardian guardian = guardian();
        long before = proc.ticksNow();
        TestChild child = child(TestChild.session("echo $$; read x"));
        String link = linkOf(child.id(), 1);
        guardian.commands().intend(before, List.of(link)).closed(link);

        guardian.endOfInput();

        guardian.assertEnded();
        assertThat(child.isAlive()).isTrue();
    }

    @Test
    void aHolderFromBeforeTheAnnouncementIsInnocent() throws Exception {
        TestGuardian guardian = guardian();
        TestChild child = child(TestChild.session("echo $$; read x"));
        guardian.commands().intend(child.id().startTime() + 1, List.of(linkOf(child.id(), 1)));

        guardian.endOfInput();

        guardian.assertEnded();
        assertThat(child.isAlive()).isTrue();
    }

    @Test
    void findsWhatHasNoPipeByParentTimeGroupAndCommandLine() throws Exception {
        TestGuardian guardian = guardian();
        long before = proc.ticksNow();
        String script = "echo $$; read x # тест 😀";
        TestChild unregistered = child(TestChild.session(script));
        TestChild otherCommand = child(TestChild.session("echo $$; read y"));
        TestChild otherGroup = child(TestChild.shell(script));
        guardian.commands().intendBare(before, OptionalLong.empty(), "/bin/sh", List.of("/bin/sh", "-c", script));

        guardian.endOfInput();

        assertGone(List.of(unregistered.id()));
        guardian.assertEnded();
        assertThat(otherCommand.isAlive()).isTrue();
        assertThat(otherGroup.isAlive()).isTrue();
    }

    @Test
    void whatWasRegisteredIsNotLookedForByItsCommandLine() throws Exception {
        TestGuardian guardian = guardian();
        long before = proc.ticksNow();
        String script = "echo $$; read x";
        TestChild registered = child(TestChild.session(script));
        TestChild twin = child(TestChild.session(script));
        guardian.commands()
                .intendBare(before, OptionalLong.empty(), "/bin/sh", List.of("/bin/sh", "-c", script))
                .started(registered.id());

        guardian.endOfInput();

        assertGone(List.of(registered.id()));
        guardian.assertEnded();
        assertThat(twin.isAlive()).isTrue();
    }

    @Test
    void leavesReleasedFailedRecycledAndStrangeProcessesAlone() throws Exception {
        TestGuardian guardian = guardian();
        TestChild released = child(TestChild.session("sleep 1000 & echo ready; wait"));
        TestChild stranger = child(TestChild.session("echo ready; read x"));
        TestChild recycled = child(TestChild.session("echo ready; read x"));
        TestChild failed = child(TestChild.session("echo ready; read x"));
        TestChild guarded = child(TestChild.session("echo ready; read x"));
        List<ProcessId> living = new ArrayList<>(ids(released));
        living.addAll(List.of(stranger.id(), recycled.id(), failed.id()));
        long since = released.id().startTime();
        Guardian.Ward ward = guardian.commands().intend(since, List.of(linkOf(released.id(), 1)));
        ward.started(released.id());
        ward.release();
        guardian.commands().intend(since, List.of(linkOf(failed.id(), 1))).failed();
        guardian.commands()
                .intend(since, List.of(NO_LINK))
                .started(new ProcessId(recycled.pid(), recycled.id().startTime() - 1));
        guardian.commands().intend(since, List.of(NO_LINK)).started(guarded.id());

        guardian.endOfInput();

        assertGone(List.of(guarded.id()));
        guardian.assertEnded();
        assertThat(living).allMatch(proc::isAlive);
    }

    @Test
    void findsWhatHoldsATerminalWhoseOtherEndIsGone() throws Exception {
        TestGuardian guardian = guardian();
        long before = proc.ticksNow();
        TestChild opener = child(TestChild.start("/usr/bin/python3", "-c", PTY_OPENER));
        ProcessId holder = opener.said(1);
        guardian.commands().intend(before, List.of(opener.firstLine().split(" ", -1)[0]));
        opener.process().getOutputStream().close();
        assertThat(opener.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(proc.isAlive(holder)).isTrue();

        guardian.endOfInput();

        assertGone(List.of(holder));
    }

    @Test
    void survivesTheSignalsOfATerminal() throws Exception {
        TestGuardian guardian = guardian();
        TestChild child = child(TestChild.session("echo ready; read x"));
        guardian.commands().intend(child.id().startTime(), List.of(NO_LINK)).started(child.id());
        guardian.proveListening();
        for (String signal : List.of("HUP", "INT", "QUIT", "TERM", "TSTP")) {
            run("kill", "-" + signal, Long.toString(guardian.pid()));
        }
        assertThat(child.isAlive()).isTrue();

        guardian.endOfInput();

        assertGone(List.of(child.id()));
    }

    @Test
    void anotherGuardianCanBeToldAllThatIsInForce() throws Exception {
        TestGuardian lost = guardian();
        TestChild child = child(TestChild.session("echo ready; read x"));
        TestChild released = child(TestChild.session("echo ready; read x"));
        long since = child.id().startTime();
        lost.commands().intend(since, List.of(linkOf(child.id(), 1))).started(child.id());
        lost.commands().intend(since, List.of(linkOf(released.id(), 1))).release();
        TestGuardian second = guardian();
        for (byte[] lines : lost.commands().replay()) {
            second.write(lines);
        }

        second.endOfInput();

        assertGone(List.of(child.id()));
        second.assertEnded();
        assertThat(released.isAlive()).isTrue();
    }

    @Test
    void anIntentWithManyPipesIsWrittenInUntornPieces() throws Exception {
        List<byte[]> writes = new ArrayList<>();
        List<String> links = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            links.add("pipe:[" + (1_000_000 + i) + "]");
        }

        new Guardian(writes::add).intend(1, links);

        assertThat(writes).hasSizeGreaterThan(1).allSatisfy(write -> {
            assertThat(write.length).isLessThanOrEqualTo(Guardian.PIPE_BUF);
            assertThat(write[write.length - 1]).isEqualTo((byte) '\n');
        });
        assertThat(writes.stream()
                        .mapToLong(write -> new String(write, StandardCharsets.US_ASCII)
                                .lines()
                                .count())
                        .sum())
                .isEqualTo(1001);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isQuickWithHundredsOfProcesses(boolean guarded) throws Exception {
        TestGuardian guardian = guardian();
        TestChild crowd = child(TestChild.session(
                "i=0; while [ $i -lt 230 ]; do sleep 1000 >/dev/null & i=$((i+1)); done; echo ready; wait"));
        TestChild small = child(TestChild.session("sleep 1000 >/dev/null & echo ready; wait"));
        List<ProcessId> ended = ids(guarded ? crowd : small);
        List<ProcessId> spared = ids(guarded ? small : crowd);
        Guardian.Ward ward = guardian.commands().intend(ended.get(0).startTime(), List.of(linkOf(ended.get(0), 1)));
        ward.started(ended.get(0));
        guardian.proveListening();
        long start = System.nanoTime();

        guardian.endOfInput();

        guardian.assertEnded();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        System.getLogger(GuardianTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "guardian: " + ended.size() + " ended and " + proc.all().size() + " others in " + millis
                                + " ms");
        assertThat(millis).isLessThan(2000);
        assertGone(ended);
        assertThat(spared).allMatch(proc::isAlive);
    }

    private static final String PTY_OPENER = """
            import os, subprocess, sys
            master, slave = os.openpty()
            ready, tell = os.pipe()
            child = subprocess.Popen(
                ["sh", "-c", "trap '' HUP; echo up >&%d; while :; do sleep 1000; done" % tell],
                stdin=slave, stdout=slave, stderr=slave, start_new_session=True, pass_fds=[tell])
            os.read(ready, 2)
            print(os.ttyname(slave), child.pid, flush=True)
            sys.stdin.read()
            """;

    /** Starts a process that its parent leaves, in a session of its own and with no pipe of ours, and says "ready PID". */
    private static String daemon(String output) {
        return "pid=$( (setsid sh -c 'echo $$; exec sleep 1000 >" + output + "' </dev/null 2>/dev/null 4>&- &) )"
                + "; echo ready $pid; read x";
    }

    private TestGuardian guardian() throws IOException {
        TestGuardian guardian = new TestGuardian();
        open.add(guardian);
        return guardian;
    }

    private TestChild child(TestChild child) {
        open.add(child);
        return child;
    }

    private List<ProcessId> ids(TestChild child) {
        return proc.tree(List.of(child.id())).stream()
                .map(info -> new ProcessId(info.pid(), info.startTime()))
                .toList();
    }

    private String linkOf(ProcessId process, int fd) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/fd/" + fd))
                .toString();
    }

    private void assertGone(List<ProcessId> processes) {
        await().atMost(SOON).untilAsserted(() -> assertThat(processes).noneMatch(proc::isAlive));
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }
}
