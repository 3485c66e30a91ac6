package dev.gantry.adapter.config;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The command of a target that is an executable file. */
final class ProcessCommand {
    private ProcessCommand() {}

    static Optional<Command> of(Target target, Command.Place place) {
        Arguments arguments = place.arguments();
        for (String name : new String[] {"module", "code", "python", "pythonPath", "pythonArgs"}) {
            if (arguments.isGiven(name)) {
                arguments.fault(
                        name, "'" + name + "' and runtime \"process\" exclude each other: leave one of them out");
            }
        }
        if (!(target instanceof Target.Program program)) {
            return Optional.empty();
        }
        Platform platform = place.environment().platform();
        Optional<Path> file = platform.isBare(program.path())
                ? byName(place, program.path())
                : Paths.resolveProgram(
                        arguments, "program", program.path(), place.cwd().base(), place.environment());
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> why = whyUnfit(platform, file.get(), program.path(), arguments.isGiven("runtime"));
        if (why.isPresent()) {
            arguments.fault("program", "'program' " + why.get());
            return Optional.empty();
        }
        Path executable = file.get();
        return Optional.of(new Command(
                TargetRuntime.PROCESS,
                executable,
                List.of(executable.toString()),
                PythonCommand.fileName(executable),
                Optional.empty()));
    }

    /** On PATH, as a shell would; else a file of that name in the working directory. */
    private static Optional<Path> byName(Command.Place place, String name) {
        Optional<Path> here =
                Paths.resolve(place.arguments(), "program", name, place.cwd().base());
        if (here.isEmpty()) {
            return here;
        }
        Path file = Paths.withEnding(here.get(), place.environment());
        Paths.Search search =
                Paths.search(List.of(name), place.environment(), place.cwd().directory());
        if (search instanceof Paths.Search.Found found) {
            if (Paths.isExecutable(file) && !file.equals(found.file())) {
                place.arguments()
                        .warn("'program' " + name + " is " + found.file() + ", found on PATH; for " + file + " write ./"
                                + name);
            }
            return Optional.of(found.file());
        }
        if (Files.exists(file)) {
            return Optional.of(file);
        }
        place.arguments()
                .fault(
                        "program",
                        "'program' " + name
                                + " is neither on the target's PATH nor in the working directory"
                                + Paths.unresolvedHint(name) + "; "
                                + PythonInterpreter.lookedAt(here.get(), (Paths.Search.Missing) search));
        return Optional.empty();
    }

    private static Optional<String> whyUnfit(Platform platform, Path file, String written, boolean runtimeGiven) {
        if (platform == Platform.WINDOWS && WindowsSearch.isOfStore(file)) {
            return Optional.empty();
        }
        if (!Files.exists(file)) {
            return Optional.of(Paths.missing(file, written));
        }
        if (Files.isDirectory(file)) {
            return Optional.of(file
                    + (runtimeGiven
                            ? " is a directory; a process needs an executable file"
                            : " is a directory without __main__.py; name a file in it"));
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of(file + " is not a regular file");
        }
        if (platform == Platform.WINDOWS) {
            return whyNoWindowsProgram(file);
        }
        return Files.isExecutable(file) ? whyNoProgram(file) : Optional.of(howToRun(file));
    }

    /** A file without a program's ending may be one all the same; a text is only run by its first line. */
    private static Optional<String> whyNoWindowsProgram(Path file) {
        FileHead head = FileHead.of(file);
        boolean started = Platform.hasProgramEnding(PythonCommand.fileName(file))
                || !head.isText()
                || head.hashBang().isPresent();
        return started
                ? Optional.empty()
                : Optional.of(file + " is a text, which Windows does not start: set \"program\" to what runs it, and"
                        + " \"args\" to [\"" + file.toString().replace("\\", "\\\\") + "\", ...]");
    }

    /** What the system would only call "no such file" or "exec format error". */
    private static Optional<String> whyNoProgram(Path file) {
        FileHead head = FileHead.of(file);
        Optional<String> line = head.hashBang();
        if (line.isEmpty()) {
            return head.isText()
                    ? Optional.of(file
                            + " is a text without a #! line: add a first line such as #!/bin/sh, or set \"program\":"
                            + " \"/bin/sh\" and \"args\": [\"" + file + "\", ...]")
                    : Optional.empty();
        }
        if (head.hasWindowsLineEnd()) {
            return Optional.of(
                    file + " has Windows line ends, so that its interpreter is not found: run sed -i 's/\\r$//' "
                            + ShellWords.quote(file.toString()));
        }
        String interpreter = firstWord(line.get());
        boolean missing = interpreter.startsWith("/") && !new File(interpreter).exists();
        return missing
                ? Optional.of(file + " names " + interpreter + " in its #! line, which does not exist")
                : Optional.empty();
    }

    private static String firstWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ' ' || text.charAt(i) == '\t') {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private static String howToRun(Path file) {
        String quoted = ShellWords.quote(file.toString());
        Optional<String> interpreter = FileHead.of(file).hashBang();
        String text = file + " is not executable: run chmod +x " + quoted;
        boolean namesPython = interpreter.isPresent() && interpreter.get().contains("python");
        if (namesPython || file.toString().endsWith(".py")) {
            return text + ", or set \"runtime\": \"python\"";
        }
        if (interpreter.isPresent() || file.toString().endsWith(".sh")) {
            String shell = interpreter.orElse("/bin/sh");
            String program = firstWord(shell);
            String option = shell.substring(program.length()).strip();
            String first = option.isEmpty() ? "" : "\"" + option + "\", ";
            return text + ", or set \"program\": \"" + program + "\" and \"args\": [" + first + "\"" + file
                    + "\", ...]";
        }
        return text + " (a script also needs a first line such as #!/bin/sh), or, for a Python file, set"
                + " \"runtime\": \"python\"";
    }
}
