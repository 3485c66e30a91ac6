package dev.gantry.launcher.windows;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ProcessGroup;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What will be run, found out before anything is made. Immutable.
 *
 * @param program the file to run, in full, as CreateProcessW takes it
 * @param commandLine as the program gets it
 * @param environment the child's
 * @param directory where it will run, in full
 */
record Plan(SpawnRequest request, String program, String commandLine, EnvironmentBlock environment, String directory) {
    private static final FileView FILES = new SystemFiles();
    private static final String SHELL = "\\System32\\cmd.exe";

    /**
     * Looks at everything that can be looked at.
     *
     * @throws SpawnException if the program or the directory is missing, or an argument or variable cannot be passed
     */
    static Plan of(SpawnRequest request) throws SpawnException {
        refuseWhatIsLacking(request);
        try {
            for (String argument : request.command()) {
                UnpassableException.refuseFlaws("argument '" + argument.replace("\0", "\\0") + "'", argument);
            }
            EnvironmentBlock environment =
                    EnvironmentBlock.of(System.getenv(), request.clearEnvironment(), request.environment());
            String directory = directory(request);
            String name = request.executable()
                    .map(Path::toString)
                    .orElse(request.command().get(0));
            ProgramSearch search = new ProgramSearch(FILES, environment.variables(), directory);
            return of(request, search.find(name), environment, directory);
        } catch (UnpassableException e) {
            String program = request.command().get(0);
            throw new SpawnException(
                    Step.EXECUTE,
                    program,
                    e.code(),
                    "cannot run " + program.replace("\0", "\\0") + ": " + e.getMessage() + " [error " + e.code() + "]");
        }
    }

    private static Plan of(
            SpawnRequest request, ProgramSearch.Found found, EnvironmentBlock environment, String directory)
            throws SpawnException, UnpassableException {
        if (found instanceof ProgramSearch.Missing missing) {
            throw missing.failure();
        }
        if (found instanceof ProgramSearch.Script script) {
            List<String> command = new ArrayList<>();
            command.add(script.interpreter().path());
            command.addAll(script.arguments());
            command.add(script.path());
            command.addAll(arguments(request));
            return of(request, script.interpreter(), command, environment, directory);
        }
        return of(request, (ProgramSearch.Program) found, request.command(), environment, directory);
    }

    private static Plan of(
            SpawnRequest request,
            ProgramSearch.Program program,
            List<String> command,
            EnvironmentBlock environment,
            String directory)
            throws UnpassableException {
        if (program instanceof ProgramSearch.Batch batch) {
            String shell = systemRoot() + SHELL;
            List<String> arguments = command.subList(1, command.size());
            return new Plan(
                    request, shell, BatchFile.commandLine(shell, batch.path(), arguments), environment, directory);
        }
        return new Plan(
                request, WindowsPath.unlimited(program.path()), CommandLine.quote(command), environment, directory);
    }

    private static List<String> arguments(SpawnRequest request) {
        return request.command().subList(1, request.command().size());
    }

    /** Ours: the child's is what somebody has written into a configuration. */
    private static String systemRoot() {
        return Optional.ofNullable(System.getenv("SystemRoot")).orElse("C:\\Windows");
    }

    private static String directory(SpawnRequest request) throws SpawnException {
        String here = Path.of("").toAbsolutePath().toString();
        if (request.workingDirectory().isEmpty()) {
            return here;
        }
        String asked = request.workingDirectory().get().toString();
        if (WindowsPath.isDriveRelative(asked)) {
            throw unenterable(asked, "starts at a drive's own directory: write the full path");
        }
        String directory = WindowsPath.resolve(here, asked);
        Optional<String> tooLong = WindowsPath.directoryTooLong(directory);
        if (tooLong.isPresent()) {
            throw unenterable(directory, tooLong.get());
        }
        if (!FILES.isDirectory(directory)) {
            throw unenterable(directory, FILES.isFile(directory) ? "is a file" : "does not exist");
        }
        return directory;
    }

    private static SpawnException unenterable(String directory, String why) {
        return new SpawnException(
                Step.WORKING_DIRECTORY,
                directory,
                WindowsError.DIRECTORY,
                "cannot enter working directory " + directory + ": it " + why + " [error " + WindowsError.DIRECTORY
                        + "]");
    }

    private static void refuseWhatIsLacking(SpawnRequest request) {
        if (request.pty().isPresent() || request.childFds().containsValue(ChildFd.pty())) {
            throw WindowsBackend.lacks(Capability.PTY, "a pseudo-terminal");
        }
        if (request.group() == ProcessGroup.NEW_SESSION) {
            throw WindowsBackend.lacks(Capability.PROCESS_GROUP, "a session of its own");
        }
        if (!request.childFds().isEmpty() && request.childFds().lastKey() > 2) {
            throw WindowsBackend.lacks(
                    Capability.ANY_CHILD_FDS, "descriptor " + request.childFds().lastKey() + " of the child");
        }
    }
}
