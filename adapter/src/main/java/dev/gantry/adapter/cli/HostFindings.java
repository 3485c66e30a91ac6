package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java, system, C library, limits, terminals. */
final class HostFindings {
    private static final int FEW_DESCRIPTORS = 1024;
    private static final int FEW_PROCESSES = 512;
    private static final List<String> TERMINALS = List.of(
            "x-terminal-emulator",
            "gnome-terminal",
            "konsole",
            "xfce4-terminal",
            "xterm",
            "kitty",
            "alacritty",
            "tmux");

    private static final boolean WINDOWS = Platform.current() == Platform.WINDOWS;

    private HostFindings() {}

    static void addTo(Findings findings, String path) {
        findings.add("Gantry", "version", () -> Finding.ok("Gantry", "version", Version.text()));
        findings.add("Java", "runtime", HostFindings::runtime);
        findings.add("Java", "file names", HostFindings::fileNames);
        findings.add("System", "name", () -> Finding.ok("System", "name", systemName()));
        findings.add(
                "System", "architecture", () -> Finding.ok("System", "architecture", System.getProperty("os.arch")));
        Probe.read("/proc/sys/kernel/osrelease")
                .ifPresent(release -> findings.add("System", "kernel", () -> kernel(release)));
        if (System.getProperty("os.name").equals("Linux")) {
            findings.add("System", "C library", HostFindings::cLibrary);
        }
        findings.add("System", "PATH", () -> searchPath(path));
        if (WINDOWS) {
            return;
        }
        findings.add("System", "/bin/sh", HostFindings::shell);
        findings.add("System", "pseudo-terminals", HostFindings::pseudoTerminals);
        Probe.read("/proc/self/limits").ifPresent(limits -> addLimits(findings, limits));
        Probe.read("/proc/sys/fs/pipe-user-pages-soft")
                .ifPresent(pages -> findings.add("Limits", "pipe pages of a user", () -> pipePages(pages)));
        findings.add("Terminals", "programs", () -> terminals(path));
    }

    private static Finding runtime() {
        return Finding.ok(
                "Java",
                "runtime",
                System.getProperty("java.version") + ", " + System.getProperty("java.vendor") + ", "
                        + System.getProperty("java.home"));
    }

    private static Finding fileNames() {
        return FileNames.areAll()
                ? Finding.ok("Java", "file names", WINDOWS ? "Unicode" : FileNames.encoding())
                : Finding.limited(
                        "Java",
                        "file names",
                        FileNames.encoding(),
                        "Some files cannot be named: " + FileNames.advice(System.getenv()) + ".");
    }

    /** Programs are searched there by us and by the target's start. */
    static Finding searchPath(String path) {
        List<String> unnameable = Probe.directories(path)
                .filter(directory -> Probe.path(directory).isEmpty())
                .toList();
        return unnameable.isEmpty()
                ? Finding.ok("System", "PATH", "can be searched")
                : Finding.limited(
                        "System",
                        "PATH",
                        "not searched in " + String.join(", ", unnameable),
                        "It cannot be named: " + FileNames.advice(System.getenv()) + ".");
    }

    private static String systemName() {
        return Probe.read("/etc/os-release").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("PRETTY_NAME="))
                .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                .findFirst()
                .orElse(System.getProperty("os.name") + " " + System.getProperty("os.version"));
    }

    static Finding kernel(String release) {
        return atLeast(release, 5, 4)
                ? Finding.ok("System", "kernel", release)
                : Finding.limited(
                        "System",
                        "kernel",
                        release,
                        "The linux backend needs 5.4; the portable one is used before that.");
    }

    private static Finding cLibrary() {
        Optional<String> glibc = Probe.run(List.of("getconf", "GNU_LIBC_VERSION"));
        if (glibc.isEmpty()) {
            String other = Probe.run(List.of("ldd", "--version"))
                    .flatMap(text -> text.lines().findFirst())
                    .orElse("no glibc found");
            return Finding.limited(
                    "System",
                    "C library",
                    other,
                    "The linux backend needs glibc 2.29; the portable one is used without.");
        }
        return cLibrary(glibc.get());
    }

    static Finding cLibrary(String glibc) {
        return atLeast(glibc.replaceFirst("^glibc ", ""), 2, 29)
                ? Finding.ok("System", "C library", glibc)
                : Finding.limited(
                        "System",
                        "C library",
                        glibc,
                        "The linux backend needs 2.29; the portable one is used before that.");
    }

    /** Whether a version that begins with two numbers is that or later. */
    static boolean atLeast(String version, int major, int minor) {
        Matcher numbers = Pattern.compile("^(\\d+)\\.(\\d+)").matcher(version);
        if (!numbers.find()) {
            return false;
        }
        int first = Integer.parseInt(numbers.group(1));
        return first > major || (first == major && Integer.parseInt(numbers.group(2)) >= minor);
    }

    private static Finding shell() {
        return Files.isExecutable(Path.of("/bin/sh"))
                ? Finding.ok("System", "/bin/sh", "present")
                : Finding.limited(
                        "System", "/bin/sh", "missing", "Install a shell: the guardian and terminal launches need it.");
    }

    private static Finding pseudoTerminals() {
        return Files.isWritable(Path.of("/dev/ptmx"))
                ? Finding.ok("System", "pseudo-terminals", "/dev/ptmx")
                : Finding.limited(
                        "System",
                        "pseudo-terminals",
                        "/dev/ptmx cannot be opened",
                        "`tty: true` does not work. In a container, mount devpts.");
    }

    private static void addLimits(Findings findings, String limits) {
        findings.add(
                "Limits",
                "open files",
                () -> limit(limits, "Max open files", "open files", FEW_DESCRIPTORS, "ulimit -n"));
        findings.add(
                "Limits", "processes", () -> limit(limits, "Max processes", "processes", FEW_PROCESSES, "ulimit -u"));
    }

    static Finding limit(String limits, String key, String name, int few, String command) {
        Matcher line = Pattern.compile("^" + Pattern.quote(key) + "\\s+(\\S+)\\s+(\\S+)", Pattern.MULTILINE)
                .matcher(limits);
        if (!line.find()) {
            return Finding.ok("Limits", name, "unknown");
        }
        String value = line.group(1) + " (at most " + line.group(2) + ")";
        boolean enough = line.group(1).equals("unlimited") || Long.parseLong(line.group(1)) >= few;
        return enough
                ? Finding.ok("Limits", name, value)
                : Finding.limited(
                        "Limits", name, value, "Few for many targets at once. Raise it: " + command + " " + few);
    }

    /** From /proc/sys/fs/pipe-user-pages-soft: 0 is no limit; beyond it the pipes of a user other than root hold one page. */
    static Finding pipePages(String pages) {
        boolean enough = pages.equals("0") || !pages.matches("\\d{1,3}");
        return enough
                ? Finding.ok("Limits", "pipe pages of a user", pages)
                : Finding.limited(
                        "Limits",
                        "pipe pages of a user",
                        pages,
                        "Pipes of users other than root are small, so output moves slowly."
                                + " Raise it: sysctl fs.pipe-user-pages-soft=16384");
    }

    private static Finding terminals(String path) {
        List<String> found = TERMINALS.stream()
                .filter(name -> Probe.onPath(name, path).isPresent())
                .toList();
        return Finding.ok(
                "Terminals",
                "programs",
                found.isEmpty() ? "none found (the client opens terminals, not Gantry)" : String.join(", ", found));
    }
}
