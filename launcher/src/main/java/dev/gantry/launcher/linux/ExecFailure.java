package dev.gantry.launcher.linux;

import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Says why a program that is there could not be run. The kernel tells one number for many causes; the file tells the rest. */
final class ExecFailure {
    /** As much of a #! line as the kernel reads. */
    private static final int LINE_BYTES = 256;

    private ExecFailure() {}

    static SpawnException of(ProgramSearch.Program program, Path directory, int errno, long argumentBytes) {
        String file = program.file().toString();
        String why = why(program.file(), directory, errno, argumentBytes);
        return new SpawnException(
                Step.EXECUTE,
                file,
                errno,
                "cannot run " + file + ": " + why + " [posix_spawn: " + Errno.describe(errno) + "]");
    }

    private static String why(Path file, Path directory, int errno, long argumentBytes) {
        Optional<String> interpreter = interpreter(file);
        if (Errno.ENOENT.is(errno) || Errno.ENOTDIR.is(errno)) {
            return interpreter.isPresent()
                    ? "missing interpreter " + interpreter.get() + " of script " + file
                    : "its loader is missing; was it made for another system or C library?";
        }
        if (Errno.ENOEXEC.is(errno)) {
            return "it has no #! line and is no program of this machine";
        }
        if (Errno.E2BIG.is(errno)) {
            return "arguments and environment are too long: " + argumentBytes + " bytes, or one of them over 128 KiB";
        }
        if (Errno.EACCES.is(errno)) {
            return interpreter
                    .map(name -> "no permission to execute its interpreter "
                            + (Files.isDirectory(directory.resolve(name)) ? name + ", a directory" : name))
                    .orElse("no permission; is its file system mounted noexec?");
        }
        if (Errno.EAGAIN.is(errno)) {
            return "too many processes of this user (ulimit -u), or of this control group";
        }
        return Errno.ETXTBSY.is(errno) ? "somebody has it open for writing" : "the system refuses";
    }

    /** The program of a script's first line. */
    private static Optional<String> interpreter(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(LINE_BYTES), StandardCharsets.UTF_8);
            if (!start.startsWith("#!")) {
                return Optional.empty();
            }
            String line = start.substring(2).lines().findFirst().orElse("").strip();
            String name = line.split("[ \t]", 2)[0];
            return name.isEmpty() ? Optional.empty() : Optional.of(showingCarriageReturn(name, start));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A file with Windows line ends asks for "/bin/sh\r": seen often, and invisible if not said. */
    private static String showingCarriageReturn(String name, String start) {
        int end = start.indexOf('\n');
        return end > 0 && start.charAt(end - 1) == '\r' && start.indexOf(name + "\r") >= 0
                ? name + "\\r (Windows line ends)"
                : name;
    }
}
