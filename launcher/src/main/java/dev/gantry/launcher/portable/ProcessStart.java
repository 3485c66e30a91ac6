package dev.gantry.launcher.portable;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ProcessGroup;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * From a request to a running process. Files and directories are looked at before the start, since ProcessBuilder's one
 * exception does not tell which of them was missing.
 */
final class ProcessStart {
    private ProcessStart() {}

    /** Does the start itself, on whichever thread. */
    interface Starter {
        Process start(ProcessBuilder builder) throws IOException;
    }

    static Process start(SpawnRequest request, Starter starter) throws SpawnException {
        refuseWhatIsLacking(request);
        refuseWhatWouldBeGarbled(request);
        Path directory = directory(request);
        ProcessBuilder builder = new ProcessBuilder();
        if (request.workingDirectory().isPresent()) {
            builder.directory(directory.toFile());
        }
        setEnvironment(builder.environment(), request);
        redirect(builder, request, directory);
        ProgramSearch.Program program = ProgramSearch.find(
                request.command().get(0), builder.environment().get("PATH"), directory);
        List<String> command = new ArrayList<>(request.command());
        command.set(0, program.argument());
        builder.command(command);
        try {
            return starter.start(builder);
        } catch (IOException failure) {
            throw explained(failure, program, directory);
        }
    }

    private static void refuseWhatIsLacking(SpawnRequest request) {
        if (request.pty().isPresent() || request.childFds().containsValue(ChildFd.pty())) {
            throw PortableBackend.lacks(Capability.PTY, "a pseudo-terminal");
        }
        if (request.guarded()) {
            throw PortableBackend.lacks(Capability.GUARDIAN, "guarding a tree");
        }
        if (request.group() == ProcessGroup.NEW_SESSION) {
            throw PortableBackend.lacks(Capability.PROCESS_GROUP, "a session of its own");
        }
        if (request.executable().isPresent()
                && !request.executable()
                        .get()
                        .toString()
                        .equals(request.command().get(0))) {
            throw PortableBackend.lacks(
                    Capability.ARGV0,
                    "running " + request.executable().get() + " as '"
                            + request.command().get(0) + "'");
        }
        request.childFds().keySet().stream()
                .filter(childFd -> childFd > 2)
                .findFirst()
                .ifPresent(childFd -> {
                    throw anyFds("descriptor " + childFd + " of the child");
                });
        for (int childFd = 0; childFd <= 2; childFd++) {
            if (!request.childFds().containsKey(childFd)) {
                throw anyFds("a child without descriptor " + childFd);
            }
        }
    }

    private static UnsupportedCapabilityException anyFds(String what) {
        return PortableBackend.lacks(Capability.ANY_CHILD_FDS, what);
    }

    /** The JDK passes texts in the locale's encoding and puts "?" for what that lacks; and a NUL would end them. */
    private static void refuseWhatWouldBeGarbled(SpawnRequest request) throws SpawnException {
        // On Windows the JDK passes texts as they are.
        String charset = PortableBackend.POSIX ? System.getProperty("sun.jnu.encoding") : "UTF-16LE";
        Charset encoding = Charset.forName(Objects.requireNonNullElse(charset, "UTF-8"));
        for (String argument : request.command()) {
            refuseGarbled(request, "argument", argument, encoding);
        }
        for (Map.Entry<String, @Nullable String> change : request.environment().entrySet()) {
            String name = change.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw unpassable(request, "'" + name + "' cannot be the name of an environment variable");
            }
            refuseGarbled(request, "the name of environment variable", name, encoding);
            String value = change.getValue();
            if (value != null) {
                refuseGarbled(request, "the value of environment variable " + name + ",", value, encoding);
            }
        }
    }

    private static void refuseGarbled(SpawnRequest request, String what, String text, Charset encoding)
            throws SpawnException {
        if (text.indexOf(0) >= 0) {
            throw unpassable(request, what + " '" + text.replace("\0", "\\0") + "' has a NUL character");
        }
        if (!encoding.newEncoder().canEncode(text)) {
            throw unpassable(
                    request,
                    what + " '" + text + "' cannot be passed in the locale's encoding " + encoding
                            + ": start with LC_ALL=C.UTF-8");
        }
    }

    private static SpawnException unpassable(SpawnRequest request, String why) {
        return new SpawnException(Step.EXECUTE, request.command().get(0), Errno.EINVAL, why);
    }

    /** Where the child will run; the empty path if that is where we are, whose name this locale may not have. */
    private static Path directory(SpawnRequest request) throws SpawnException {
        if (request.workingDirectory().isEmpty()) {
            return Path.of("");
        }
        Path directory = request.workingDirectory().get();
        int errno = 0;
        if (!Files.exists(directory)) {
            errno = Errno.ENOENT;
        } else if (!Files.isDirectory(directory)) {
            errno = Errno.ENOTDIR;
        } else if (!Files.isExecutable(directory)) {
            errno = Errno.EACCES;
        }
        if (errno != 0) {
            throw new SpawnException(
                    Step.WORKING_DIRECTORY,
                    directory.toString(),
                    errno,
                    "cannot enter working directory " + directory + ": " + Errno.describe(errno));
        }
        return directory.toAbsolutePath();
    }

    private static void setEnvironment(Map<String, String> environment, SpawnRequest request) {
        if (request.clearEnvironment()) {
            environment.clear();
        }
        for (Map.Entry<String, @Nullable String> change : request.environment().entrySet()) {
            String value = change.getValue();
            if (value == null) {
                environment.remove(change.getKey());
            } else {
                environment.put(change.getKey(), value);
            }
        }
    }

    private static void redirect(ProcessBuilder builder, SpawnRequest request, Path directory) throws SpawnException {
        builder.redirectInput(input(target(request, 0), directory));
        builder.redirectOutput(output(1, target(request, 1), directory));
        if (target(request, 2) instanceof ChildFd.SameAs same && same.childFd() == 1) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(output(2, target(request, 2), directory));
        }
    }

    private static ChildFd target(SpawnRequest request, int childFd) {
        return Objects.requireNonNull(request.childFds().get(childFd));
    }

    private static Redirect input(ChildFd target, Path directory) throws SpawnException {
        if (target instanceof ChildFd.Write) {
            return Redirect.PIPE;
        }
        if (target instanceof ChildFd.Null) {
            return Redirect.from(new File(PortableBackend.POSIX ? "/dev/null" : "NUL"));
        }
        if (target instanceof ChildFd.Inherit) {
            return Redirect.INHERIT;
        }
        if (target instanceof ChildFd.File file && file.mode() == ChildFd.File.Mode.READ) {
            return Redirect.from(readable(directory.resolve(file.path())));
        }
        throw anyFds(target + " as descriptor 0");
    }

    private static Redirect output(int childFd, ChildFd target, Path directory) throws SpawnException {
        if (target instanceof ChildFd.Read) {
            return Redirect.PIPE;
        }
        if (target instanceof ChildFd.Null) {
            return Redirect.DISCARD;
        }
        if (target instanceof ChildFd.Inherit) {
            return Redirect.INHERIT;
        }
        if (target instanceof ChildFd.File file && file.mode() != ChildFd.File.Mode.READ) {
            File resolved = writable(directory.resolve(file.path()));
            return file.mode() == ChildFd.File.Mode.APPEND ? Redirect.appendTo(resolved) : Redirect.to(resolved);
        }
        throw anyFds(target + " as descriptor " + childFd);
    }

    private static File readable(Path file) throws SpawnException {
        if (!Files.exists(file)) {
            throw redirection(file, Errno.ENOENT);
        }
        if (!Files.isReadable(file)) {
            throw redirection(file, Errno.EACCES);
        }
        return file.toFile();
    }

    private static File writable(Path file) throws SpawnException {
        Path parent = Objects.requireNonNullElse(file.getParent(), Path.of(""));
        if (Files.isDirectory(file)) {
            throw redirection(file, Errno.EISDIR);
        }
        if (!Files.exists(parent)) {
            throw redirection(file, Errno.ENOENT);
        }
        if (!Files.isDirectory(parent)) {
            throw redirection(file, Errno.ENOTDIR);
        }
        if (!Files.isWritable(Files.exists(file) ? file : parent)) {
            throw redirection(file, Errno.EACCES);
        }
        return file.toFile();
    }

    private static SpawnException redirection(Path file, int errno) {
        Path shown = file.toAbsolutePath();
        return new SpawnException(
                Step.REDIRECTION, shown.toString(), errno, "cannot open " + shown + ": " + Errno.describe(errno));
    }

    /** No thread could be made: for the process, for the JDK's waiter or for a pump. Nothing is left running. */
    static SpawnException withoutThread(SpawnRequest request, OutOfMemoryError cause) {
        String program = request.command().get(0);
        SpawnException failure = new SpawnException(
                Step.EXECUTE,
                program,
                0,
                "cannot run " + program + ": " + cause.getMessage()
                        + "; are there too many processes and threads of this user (ulimit -u), or too little memory?");
        failure.initCause(cause);
        return failure;
    }

    private static SpawnException explained(IOException failure, ProgramSearch.Program program, Path directory) {
        String told = String.valueOf(failure.getMessage());
        if (failure.getCause() instanceof FileNotFoundException file) {
            return new SpawnException(
                    Step.REDIRECTION, "", 0, "cannot open a redirection's file: " + file.getMessage());
        }
        int errno = Errno.in(told);
        String why = errno == Errno.ENOENT
                ? Shebang.interpreter(program.file())
                        .map(name -> "missing interpreter " + name + " of script " + program.file())
                        .orElse("its loader is missing; was it made for another system or C library?")
                : told;
        return new SpawnException(
                Step.EXECUTE,
                program.file().toString(),
                errno,
                "cannot run " + program.file() + " in " + directory.toAbsolutePath() + ": " + why + " ["
                        + Errno.describe(errno) + "]");
    }
}
