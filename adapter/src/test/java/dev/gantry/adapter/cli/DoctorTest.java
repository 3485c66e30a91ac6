package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.adapter.config.Platform;
import dev.gantry.launcher.Backend;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @Test
    void anOldKernelIsLimited() {
        assertThat(HostFindings.kernel("5.3.18-generic").verdict()).isEqualTo(Finding.Verdict.LIMITED);
        assertThat(HostFindings.kernel("5.4.0").verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(HostFindings.kernel("6.18.1").verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(HostFindings.kernel("weird").verdict()).isEqualTo(Finding.Verdict.LIMITED);
    }

    @Test
    void anOldGlibcIsLimited() {
        assertThat(HostFindings.cLibrary("glibc 2.28").verdict()).isEqualTo(Finding.Verdict.LIMITED);
        assertThat(HostFindings.cLibrary("glibc 2.36").verdict()).isEqualTo(Finding.Verdict.OK);
    }

    @Test
    void aLowLimitSaysHowToRaiseIt() {
        String limits = """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            256                  4096                 files
                """;
        Finding finding = HostFindings.limit(limits, "Max open files", "open files", 1024, "ulimit -n");
        assertThat(finding.value()).isEqualTo("256 (at most 4096)");
        assertThat(finding.advice()).endsWith("ulimit -n 1024");
    }

    @Test
    void anUnlimitedLimitIsEnough() {
        String limits = "Max processes             unlimited            unlimited            processes\n";
        assertThat(HostFindings.limit(limits, "Max processes", "processes", 512, "ulimit -u")
                        .verdict())
                .isEqualTo(Finding.Verdict.OK);
    }

    @Test
    void smallPipesAreLimited() {
        assertThat(HostFindings.pipePages("1").verdict()).isEqualTo(Finding.Verdict.LIMITED);
        assertThat(HostFindings.pipePages("0").verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(HostFindings.pipePages("16384").verdict()).isEqualTo(Finding.Verdict.OK);
    }

    @Test
    void withoutABackendNothingWorks() {
        assertThat(BackendFindings.of(List.of(), Platform.POSIX))
                .anyMatch(finding -> finding.verdict() == Finding.Verdict.BROKEN
                        && !finding.advice().isEmpty());
    }

    /** A backend that is nothing but what it says of itself. */
    private record Told(String name, Optional<String> unavailableBecause, Set<Capability> capabilities)
            implements Backend {
        @Override
        public Reactor open(ReactorOptions options) {
            throw new UnsupportedOperationException("only asked");
        }

        @Override
        public OutputStream isolateStandardOutput() {
            throw new UnsupportedOperationException("only asked");
        }
    }

    @Test
    void whatWindowsCannotHaveIsNoLimitationThere() {
        Backend linux = new Told("linux", Optional.of("this is Windows 10"), Set.of(Capability.PTY));
        Backend windows = new Told("windows", Optional.empty(), Set.of(Capability.PROCESS_TREE));
        Backend portable = new Told("portable", Optional.empty(), Set.of());
        assertThat(BackendFindings.of(List.of(linux, windows, portable), Platform.WINDOWS))
                .allMatch(finding -> finding.verdict() == Finding.Verdict.OK)
                .contains(
                        Finding.ok("Processes", "linux", "not used: this is Windows 10"),
                        Finding.ok("Capabilities", "pty", "no, nowhere on Windows"));
        Backend broken = new Told("windows", Optional.of("JNA cannot be used"), Set.of(Capability.PROCESS_TREE));
        assertThat(BackendFindings.of(List.of(linux, broken, portable), Platform.WINDOWS))
                .contains(
                        Finding.limited("Processes", "windows", "not used", "JNA cannot be used"),
                        Finding.limited("Capabilities", "process tree", "no", ""),
                        Finding.ok("Capabilities", "pty", "no, nowhere on Windows"));
    }

    @Test
    void onPosixTheOtherSystemsBackendIsNoLimitationAndAMissingCapabilityIs() {
        Backend linux = new Told("linux", Optional.empty(), Set.of(Capability.PTY));
        Backend windows = new Told("windows", Optional.of("this is Linux, not Windows"), Set.of());
        assertThat(BackendFindings.of(List.of(linux, windows), Platform.POSIX))
                .contains(
                        Finding.ok("Processes", "windows", "not used: this is Linux, not Windows"),
                        Finding.limited("Capabilities", "detach", "no", ""));
    }

    @Test
    void theReportHasTheLineEndsOfTheSystem() {
        assertThat(DoctorCommand.withLineEnds("a\nb\n", "\r\n")).isEqualTo("a\r\nb\r\n");
    }

    @Test
    void ofEachPythonItIsToldHowItIsDebugged() {
        Path python = Path.of("/usr/bin/python3");
        assertThat(PythonFindings.finding(python, Optional.of("3.13.0 CPython")))
                .isEqualTo(Finding.ok(
                        "Python", "/usr/bin/python3", "3.13.0 CPython; debugged by sys.monitoring, at full speed"));
        assertThat(DebugFindings.engine("3.14.0rc1 CPython").orElseThrow()).contains("sys.monitoring");
        assertThat(DebugFindings.engine("3.11.7 CPython").orElseThrow()).contains("calls put into the code");
        assertThat(DebugFindings.engine("3.8.18 CPython").orElseThrow()).contains("tracing");
        assertThat(DebugFindings.engine("3.7.2 CPython")).isEmpty();
        assertThat(PythonFindings.finding(python, Optional.of("3.10.14 PyPy")))
                .isEqualTo(Finding.limited(
                        "Python",
                        "/usr/bin/python3",
                        "3.10.14 PyPy; runs undebugged",
                        "Programs run with it without breakpoints; debugging wants CPython 3.8 or later."));
    }

    @Test
    void theAgentsFilesAreWhereTheCacheIs(@TempDir Path cache) throws IOException {
        assertThat(DebugFindings.files(Optional.of(cache)))
                .isEqualTo(Finding.ok("Debugging", "agent's files", cache.toString()));
        Path later = cache.resolve("gantry/agent-1");
        assertThat(DebugFindings.files(Optional.of(later)).value())
                .isEqualTo(later + " (made at the first start that debugs)");
        assertThat(DebugFindings.files(Optional.empty()).advice()).contains("XDG_CACHE_HOME");
        Path noDirectory = Files.createFile(cache.resolve("file")).resolve("gantry/agent-1");
        assertThat(DebugFindings.files(Optional.of(noDirectory)).verdict()).isEqualTo(Finding.Verdict.LIMITED);
    }

    @Test
    void anOldOrMutePythonIsLimited() {
        Path python = Path.of("/usr/bin/python3");
        assertThat(PythonFindings.finding(python, Optional.of("3.7.2 CPython")).verdict())
                .isEqualTo(Finding.Verdict.LIMITED);
        assertThat(PythonFindings.finding(python, Optional.of("3.13.0 CPython")).verdict())
                .isEqualTo(Finding.Verdict.OK);
        assertThat(PythonFindings.finding(python, Optional.empty()).advice()).isNotEmpty();
    }

    @Test
    void aProbeThatFailsOrIsMissingIsEmpty() {
        assertThat(Probe.run(List.of("/no/such/program"))).isEmpty();
        assertThat(Probe.run(List.of("sh", "-c", "exit 1"))).isEmpty();
        assertThat(Probe.run(List.of("sh", "-c", "echo ' x '"))).contains("x");
    }

    @Test
    void theReportIsJsonWhenAsked() throws Exception {
        try (CommandProcess doctor = CommandProcess.start("doctor", "--json")) {
            int status = doctor.await();
            JsonObject report = JsonParser.parseString(doctor.out()).getAsJsonObject();
            assertThat(report.get("works").getAsBoolean()).isEqualTo(status == 0);
            assertThat(report.getAsJsonArray("findings")).hasSizeGreaterThan(8);
        }
    }

    @Test
    void aCheckThatFailsIsAFinding() {
        Findings findings = new Findings();
        findings.add("System", "first", () -> {
            throw new IllegalStateException("odd machine");
        });
        findings.addAll("Processes", "backends", Finding.Verdict.BROKEN, () -> {
            throw new UnsatisfiedLinkError("no library");
        });
        findings.add("System", "last", () -> Finding.ok("System", "last", "yes"));
        assertThat(findings.all())
                .containsExactly(
                        Finding.limited("System", "first", "cannot be told", "The check failed: odd machine"),
                        Finding.broken("Processes", "backends", "cannot be told", "The check failed: no library"),
                        Finding.ok("System", "last", "yes"));
    }
}
