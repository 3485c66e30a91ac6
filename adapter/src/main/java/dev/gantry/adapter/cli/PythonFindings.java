package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The Python interpreters of this machine, asked for their version all at once. */
final class PythonFindings {
    private static final String QUESTION =
            "import sys, platform; sys.stdout.write(platform.python_version() + ' ' + platform.python_implementation())";
    private static final int NEWEST_MINOR = 15;
    private static final boolean WINDOWS = Platform.current() == Platform.WINDOWS;
    private static final String HOW_TO_INSTALL =
            WINDOWS ? "install one, as from python.org" : "apt-get install python3";
    /** In a line of {@code py -0p}: " -V:3.12 *        C:\\Python312\\python.exe". */
    private static final Pattern PATH_AT_END = Pattern.compile("[A-Za-z]:\\\\.*$", Pattern.MULTILINE);

    private PythonFindings() {}

    static List<Finding> all(Map<String, String> environment) {
        Map<Path, CompletableFuture<Optional<String>>> answers = new LinkedHashMap<>();
        for (Path python : interpreters(environment)) {
            answers.put(
                    python, CompletableFuture.supplyAsync(() -> Probe.run(List.of(python.toString(), "-c", QUESTION))));
        }
        List<Finding> findings = new ArrayList<>();
        answers.forEach((python, answer) -> findings.add(finding(python, answer.join())));
        if (findings.stream().noneMatch(finding -> finding.verdict() == Finding.Verdict.OK)) {
            findings.add(Finding.limited(
                    "Python",
                    "interpreter",
                    "none of 3.8 or later found",
                    "Python programs need one: " + HOW_TO_INSTALL + ", or set `python` in the launch configuration."));
        }
        return findings;
    }

    static Finding finding(Path python, Optional<String> answer) {
        if (answer.isEmpty()) {
            return Finding.limited(
                    "Python", python.toString(), "does not run", "It did not answer within five seconds.");
        }
        Optional<String> engine = DebugFindings.engine(answer.get());
        if (engine.isPresent()) {
            return Finding.ok("Python", python.toString(), answer.get() + "; " + engine.get());
        }
        return Finding.limited(
                "Python",
                python.toString(),
                answer.get() + "; runs undebugged",
                "Programs run with it without breakpoints; debugging wants CPython 3.8 or later.");
    }

    /** Each interpreter once, by the file that its links lead to. */
    private static List<Path> interpreters(Map<String, String> environment) {
        Map<Path, Path> byFile = new LinkedHashMap<>();
        Stream.of(
                        named(environment),
                        WINDOWS ? ofLauncher(environment) : ofPyenv(environment),
                        ofVirtualEnv(environment))
                .flatMap(found -> found)
                .filter(python -> !Platform.isStoreStub(python))
                .forEach(python -> byFile.putIfAbsent(realFile(python), python));
        return List.copyOf(byFile.values());
    }

    private static Stream<Path> named(Map<String, String> environment) {
        String path = environment.getOrDefault("PATH", "");
        Stream<String> versions = IntStream.rangeClosed(6, NEWEST_MINOR).mapToObj(minor -> "python3." + minor);
        return Stream.concat(Stream.of("python3", "python"), versions)
                .flatMap(name -> Probe.onPath(name, path).stream())
                .filter(python ->
                        python.endsWith("python3") || !python.resolveSibling("").endsWith("shims"));
    }

    private static Stream<Path> ofVirtualEnv(Map<String, String> environment) {
        return Stream.ofNullable(environment.get("VIRTUAL_ENV"))
                .flatMap(directory -> Probe.path(directory).stream())
                .map(Platform.current()::virtualPython)
                .filter(Files::isExecutable);
    }

    /** Those that Windows' own starter of interpreters knows. */
    private static Stream<Path> ofLauncher(Map<String, String> environment) {
        return Probe.onPath("py.exe", environment.getOrDefault("PATH", ""))
                .flatMap(py -> Probe.run(List.of(py.toString(), "-0p")))
                .stream()
                .flatMap(list -> PATH_AT_END.matcher(list).results())
                .flatMap(found -> Probe.path(found.group().strip()).stream())
                .filter(Files::isExecutable);
    }

    private static Stream<Path> ofPyenv(Map<String, String> environment) {
        String root = environment.getOrDefault("PYENV_ROOT", System.getProperty("user.home") + "/.pyenv");
        Optional<Path> directory = Probe.path(root, "versions");
        if (directory.isEmpty()) {
            return Stream.empty();
        }
        try (Stream<Path> versions = Files.list(directory.get())) {
            return versions
                    .sorted()
                    .map(version -> version.resolve("bin/python3"))
                    .filter(Files::isExecutable)
                    .toList()
                    .stream();
        } catch (IOException noPyenv) {
            return Stream.empty();
        }
    }

    private static Path realFile(Path python) {
        try {
            return python.toRealPath();
        } catch (IOException vanished) {
            return python;
        }
    }
}
