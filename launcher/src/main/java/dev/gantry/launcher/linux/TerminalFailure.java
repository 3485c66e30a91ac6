package dev.gantry.launcher.linux;

import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import java.nio.file.Files;
import java.nio.file.Path;

/** Words for a program that a terminal could not start. Looks at files, changes nothing. */
final class TerminalFailure {
    private static final int NOT_FOUND = 127;

    private TerminalFailure() {}

    static SpawnException of(ShimEvent event, SpawnRequest request) {
        String program = request.command().get(0);
        if (event instanceof ShimEvent.Refused refused) {
            return refused.step().equals("directory")
                    ? directory(request.workingDirectory().orElse(Path.of("")))
                    : program(program, refused.code());
        }
        String why =
                event instanceof ShimEvent.Lost lost ? lost.why() : "its shell ended before it had started the program";
        return new SpawnException(Step.EXECUTE, program, 0, "cannot start " + program + " in the terminal: " + why);
    }

    private static SpawnException directory(Path directory) {
        if (!Files.exists(directory)) {
            return directory(directory, Errno.ENOENT, "does not exist");
        }
        return Files.isDirectory(directory)
                ? directory(directory, Errno.EACCES, "may not be entered")
                : directory(directory, Errno.ENOTDIR, "is not a directory");
    }

    private static SpawnException directory(Path directory, Errno errno, String why) {
        return new SpawnException(
                Step.WORKING_DIRECTORY,
                directory.toString(),
                errno.number(),
                "the working directory " + directory + " " + why);
    }

    private static SpawnException program(String program, int code) {
        if (code == NOT_FOUND) {
            String where = program.indexOf('/') < 0 ? " in the terminal's PATH" : "";
            return new SpawnException(
                    Step.FIND_PROGRAM, program, Errno.ENOENT.number(), "no such program" + where + ": " + program);
        }
        return new SpawnException(
                Step.EXECUTE,
                program,
                Errno.EACCES.number(),
                "not executable: " + program + (Files.isDirectory(Path.of(program)) ? ", a directory" : ""));
    }
}
