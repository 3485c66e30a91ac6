package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at the machine: small files, and short programs with a time limit. Any thread. */
final class Probe {
    private static final long LIMIT_SECONDS = 5;

    private static final boolean WINDOWS = Platform.current() == Platform.WINDOWS;

    private Probe() {}

    /** The output of a program, both streams, stripped; empty if it fails, cannot be started or takes too long. */
    static Optional<String> run(List<String> command) {
        return run(command, Path.of(WINDOWS ? "NUL" : "/dev/null"));
    }

    /** The same, with a file as the program's input. */
    static Optional<String> run(List<String> command, Path input) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(input.toFile()))
                    .start();
            return output(process);
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }

    private static Optional<String> output(Process process) {
        CompletableFuture<String> text = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
        try {
            boolean good = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            return good ? Optional.of(text.get(LIMIT_SECONDS, TimeUnit.SECONDS)) : Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException unreadable) {
            return Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException closed) {
            return "";
        }
    }

    /** The text of a small file of a POSIX system, stripped; empty if it cannot be read. */
    static Optional<String> read(String file) {
        if (WINDOWS) {
            // There may be a file of that name, as under Wine; it says nothing of what we run on.
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(Path.of(file)).strip());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** The directories of a PATH, as it names them. */
    static Stream<String> directories(String path) {
        return Pattern.compile(String.valueOf(Platform.current().pathSeparator()))
                .splitAsStream(path)
                .map(directory -> WINDOWS ? directory.replace("\"", "") : directory)
                .filter(directory -> !directory.isEmpty());
    }

    /** The first file of that name in the directories of a PATH that can be run. One that cannot be named holds none for us. */
    static Optional<Path> onPath(String name, String path) {
        List<String> names = Platform.current().programNames(name);
        return directories(path)
                .flatMap(directory -> names.stream().flatMap(file -> path(directory, file).stream()))
                .filter(file -> !Files.isDirectory(file) && (Files.isExecutable(file) || (WINDOWS && isThere(file))))
                .findFirst();
    }

    /** Also a program of the Microsoft Store, which is a link that only a start can follow. */
    private static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** A path; empty if the locale has no such name. */
    static Optional<Path> path(String first, String... more) {
        try {
            return Optional.of(Path.of(first, more));
        } catch (InvalidPathException unnameable) {
            return Optional.empty();
        }
    }
}
