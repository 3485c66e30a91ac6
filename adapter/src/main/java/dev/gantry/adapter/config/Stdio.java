package dev.gantry.adapter.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.launcher.ChildFd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The three standard streams: {@code stdio}, {@code tty}, {@code mergeOutput} and {@code redirectOutput} taken together. */
final class Stdio {
    private static final String[] NAMES = {"stdin", "stdout", "stderr"};
    private final Arguments arguments;
    private final Path cwd;
    /** What stdio says other than "pipe". */
    private final SortedMap<Integer, ChildFd> redirected = new TreeMap<>();

    private final Platform platform;

    private Stdio(Arguments arguments, Path cwd, Platform platform) {
        this.arguments = arguments;
        this.cwd = cwd;
        this.platform = platform;
    }

    /** The descriptors of a target in the internal console, or none for one in a terminal. */
    static SortedMap<Integer, ChildFd> read(Arguments arguments, Path cwd, ConsoleSettings console, Platform platform) {
        Stdio stdio = new Stdio(arguments, cwd, platform);
        stdio.readRedirections();
        if (console.kind().isTerminal()) {
            if (!stdio.redirected.isEmpty()) {
                arguments.fault(
                        "stdio",
                        "'stdio' and console \"" + console.kind().text()
                                + "\" exclude each other: in a terminal all three streams are the terminal's");
            }
            return new TreeMap<>();
        }
        return stdio.combined(console);
    }

    private SortedMap<Integer, ChildFd> combined(ConsoleSettings console) {
        boolean pty = console.pty().isPresent();
        SortedMap<Integer, ChildFd> fds = new TreeMap<>();
        fds.put(0, pty ? ChildFd.pty() : ChildFd.write());
        for (int fd = 1; fd <= 2; fd++) {
            ChildFd shown = pty ? ChildFd.pty() : ChildFd.read();
            fds.put(fd, console.redirectOutput() ? shown : ChildFd.nullDevice());
        }
        fds.putAll(redirected);
        boolean sameFile = isFile(redirected.get(1)) && samePath(redirected.get(1), redirected.get(2));
        if (arguments.flag("mergeOutput", false) && redirected.containsKey(2) && !sameFile) {
            arguments.fault(
                    "mergeOutput",
                    "'mergeOutput' and 'stdio' exclude each other: the first sends stderr where stdout goes, the second"
                            + " elsewhere");
        } else if (sameFile || (arguments.flag("mergeOutput", false) && !pty)) {
            // Two descriptors opened apart would overwrite each other.
            fds.put(2, ChildFd.sameAs(1));
        }
        return fds;
    }

    private static boolean isFile(@Nullable ChildFd fd) {
        return fd instanceof ChildFd.File;
    }

    private static boolean samePath(@Nullable ChildFd one, @Nullable ChildFd other) {
        return one instanceof ChildFd.File a
                && other instanceof ChildFd.File b
                && a.path().equals(b.path());
    }

    private void readRedirections() {
        JsonElement value = arguments.get("stdio");
        if (value instanceof JsonArray array) {
            if (array.size() > NAMES.length) {
                arguments.fault(
                        "stdio", "'stdio' has " + array.size() + " elements; stdin, stdout and stderr are allowed");
            }
            for (int fd = 0; fd < Math.min(array.size(), NAMES.length); fd++) {
                redirect(fd, "stdio[" + fd + "]", array.get(fd));
            }
        } else if (value instanceof JsonObject object) {
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                OptionalInt fd = number(entry.getKey());
                if (fd.isEmpty()) {
                    arguments.fault(
                            "stdio", "'stdio' has '" + entry.getKey() + "'; stdin, stdout and stderr are allowed");
                } else {
                    redirect(fd.getAsInt(), "stdio." + entry.getKey(), entry.getValue());
                }
            }
        }
    }

    private static OptionalInt number(String name) {
        for (int fd = 0; fd < NAMES.length; fd++) {
            if (NAMES[fd].equals(name)) {
                return OptionalInt.of(fd);
            }
        }
        return OptionalInt.empty();
    }

    private void redirect(int fd, String place, JsonElement value) {
        JsonType type = JsonType.of(value);
        if (type == JsonType.NULL) {
            redirected.put(fd, ChildFd.nullDevice());
        } else if (type == JsonType.STRING) {
            switch (value.getAsString()) {
                case "pipe" -> {}
                case "null" -> redirected.put(fd, ChildFd.nullDevice());
                default -> toFile(fd, place, value, false);
            }
        } else if (value instanceof JsonObject object) {
            toFile(fd, place, object);
        } else {
            arguments.wrong("stdio", place, value);
        }
    }

    private void toFile(int fd, String place, JsonObject object) {
        JsonElement path = object.get("path");
        JsonElement append = object.get("append");
        boolean known = object.size() == (append == null ? 1 : 2);
        boolean typed = path != null
                && JsonType.of(path) == JsonType.STRING
                && (append == null || JsonType.of(append) == JsonType.BOOLEAN);
        if (!known || !typed) {
            arguments.wrong("stdio", place, object);
        } else if (fd == 0 && append != null && append.getAsBoolean()) {
            arguments.fault("stdio", "'" + place + "' appends, but stdin is read");
        } else {
            toFile(fd, place, path, append != null && append.getAsBoolean());
        }
    }

    private void toFile(int fd, String place, JsonElement written, boolean append) {
        if (written.getAsString().isEmpty()) {
            arguments.wrong("stdio", place, written);
            return;
        }
        if (!arguments.passable("stdio", place, written)) {
            return;
        }
        if (platform.isNullDevice(written.getAsString())) {
            redirected.put(fd, ChildFd.nullDevice());
            return;
        }
        Optional<Path> file = Paths.resolve(arguments, "stdio", written.getAsString(), cwd);
        if (file.isEmpty()) {
            return;
        }
        Optional<String> unfit = whyUnfit(file.get());
        if (unfit.isPresent()) {
            arguments.fault("stdio", "'" + place + "' " + unfit.get());
            return;
        }
        Optional<String> why = fd == 0 ? whyNotReadable(file.get(), written.getAsString()) : whyNotWritable(file.get());
        if (why.isPresent()) {
            arguments.fault("stdio", "'" + place + "' " + why.get());
        } else if (fd == 0) {
            redirected.put(0, ChildFd.readFrom(file.get()));
        } else {
            redirected.put(fd, append ? ChildFd.appendTo(file.get()) : ChildFd.writeTo(file.get()));
        }
    }

    /** What must not be opened for a target: our own streams, the client's protocol among them, and what blocks us. */
    private static Optional<String> whyUnfit(Path file) {
        String text = file.toString();
        for (String own : new String[] {"/dev/std", "/dev/fd/", "/proc/self/", "/proc/thread-self/"}) {
            if (text.startsWith(own)) {
                return Optional.of(file + " would be the adapter's own stream; \"pipe\" connects to the session");
            }
        }
        return FileFaults.isFifo(file)
                ? Optional.of(
                        file
                                + " is a FIFO, whose opening waits for another program; a file, a device or \"pipe\" is allowed")
                : Optional.empty();
    }

    private static Optional<String> whyNotReadable(Path file, String written) {
        if (!Files.exists(file)) {
            return Optional.of(Paths.missing(file, written));
        }
        if (Files.isDirectory(file)) {
            return Optional.of(file + " is a directory");
        }
        return Files.isReadable(file) ? Optional.empty() : Optional.of(file + " may not be read by this user");
    }

    private static Optional<String> whyNotWritable(Path file) {
        if (Files.isDirectory(file)) {
            return Optional.of(file + " is a directory");
        }
        if (Files.exists(file)) {
            return Files.isWritable(file) ? Optional.empty() : Optional.of(file + " may not be written by this user");
        }
        Path parent = file.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return Optional.of(file + " cannot be made: its directory does not exist");
        }
        return Files.isWritable(parent)
                ? Optional.empty()
                : Optional.of(file + " cannot be made: this user may not write in its directory");
    }
}
