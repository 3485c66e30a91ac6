package dev.gantry.launcher.linux;

import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Says why a program that is there could not be run. The kernel tells one number for many causes; the file tells the rest. */
final class ExecFailure {
    /** As much of a #! line as the kernel reads. */
    private static final int LINE_BYTES = 256;

    private static final String NO_FORMAT = "it has no #! line and is no program of this machine";

    private ExecFailure() {}

    static SpawnException of(ProgramSearch.Program program, ChildDirectory directory, int errno, long argumentBytes) {
        return new SpawnException(
                Step.EXECUTE,
                program.file(),
                errno,
                "cannot run " + program.file() + ": " + why(program, directory, errno, argumentBytes)
                        + " [posix_spawn: " + Errno.describe(errno) + "]");
    }

    /** Of a file that a shell would read as a script where the kernel refuses it. */
    static SpawnException noProgram(String file) {
        int errno = Errno.ENOEXEC.number();
        return new SpawnException(
                Step.EXECUTE,
                file,
                errno,
                "cannot run " + file + ": " + NO_FORMAT + " [" + Errno.describe(errno) + "]");
    }

    private static String why(ProgramSearch.Program program, ChildDirectory directory, int errno, long argumentBytes) {
        if (Errno.ENOENT.is(errno) || Errno.ENOTDIR.is(errno)) {
            return interpreter(program, directory)
                    .map(name -> "missing interpreter " + name + " of script " + program.file())
                    .orElse("its loader is missing; was it made for another system or C library?");
        }
        if (Errno.ENOEXEC.is(errno)) {
            return NO_FORMAT;
        }
        if (Errno.E2BIG.is(errno)) {
            return "arguments and environment are too long: " + argumentBytes + " bytes, or one of them over 128 KiB";
        }
        if (Errno.EACCES.is(errno)) {
            return interpreter(program, directory)
                    .map(name -> "no permission to execute its interpreter "
                            + (Descriptors.isDirectory(directory.resolve(name)) ? name + ", a directory" : name))
                    .orElse("no permission; is its file system mounted noexec?");
        }
        if (Errno.EAGAIN.is(errno)) {
            return "too many processes of this user (ulimit -u), or of this control group";
        }
        if (Errno.ENOMEM.is(errno)) {
            return "too little memory is free for another process";
        }
        return Errno.ETXTBSY.is(errno) ? "somebody has it open for writing" : "the system refuses";
    }

    /** The program of a script's first line. */
    private static Optional<String> interpreter(ProgramSearch.Program program, ChildDirectory directory) {
        String start = new String(
                Descriptors.beginning(directory.resolve(program.argument()), LINE_BYTES), StandardCharsets.UTF_8);
        if (!start.startsWith("#!")) {
            return Optional.empty();
        }
        String line = start.substring(2).lines().findFirst().orElse("").strip();
        String name = line.split("[ \t]", 2)[0];
        return name.isEmpty() ? Optional.empty() : Optional.of(showingCarriageReturn(name, start));
    }

    /** A file with Windows line ends asks for "/bin/sh\r": seen often, and invisible if not said. */
    private static String showingCarriageReturn(String name, String start) {
        int end = start.indexOf('\n');
        return end > 0 && start.charAt(end - 1) == '\r' && start.indexOf(name + "\r") >= 0
                ? name + "\\r (Windows line ends)"
                : name;
    }
}
