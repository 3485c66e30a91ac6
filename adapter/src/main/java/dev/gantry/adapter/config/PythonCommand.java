package dev.gantry.adapter.config;

import com.google.gson.JsonArray;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The command of a Python target: interpreter, {@code -u}, {@code pythonArgs}, then the file, module or text. */
final class PythonCommand {
    private static final String[] ENDINGS = {".py", ".pyw", ".pyc", ".pyz"};

    private PythonCommand() {}

    static boolean looksLikePython(String program, Command.Place place) {
        String lower = program.toLowerCase(Locale.ROOT);
        for (String ending : ENDINGS) {
            if (lower.endsWith(ending)) {
                return true;
            }
        }
        try {
            Path file = place.cwd().base().resolve(program);
            return Files.isDirectory(file)
                    ? FileHead.isRunnableDirectory(file)
                    : FileHead.of(file).isZip() && FileHead.isRunnableZip(file);
        } catch (InvalidPathException e) {
            // Told where the program is looked up.
            return false;
        }
    }

    static Optional<Command> of(Target target, Command.Place place) {
        Arguments arguments = place.arguments();
        List<String> vector = new ArrayList<>();
        Optional<Path> interpreter = PythonInterpreter.find(place, vector);
        vector.add("-u");
        if (arguments.get("pythonArgs") instanceof JsonArray array) {
            vector.addAll(arguments.elements("pythonArgs", array, false));
            checkThatTheyNameNoTarget(arguments);
        }
        Optional<Named> named = named(target, place);
        if (interpreter.isEmpty() || named.isEmpty()) {
            return Optional.empty();
        }
        List<String> before = List.copyOf(vector);
        PythonLaunch.Kind kind = named.get().kind();
        if (kind != PythonLaunch.Kind.PROGRAM) {
            vector.add(kind == PythonLaunch.Kind.MODULE ? "-m" : "-c");
        }
        vector.add(named.get().target());
        PythonLaunch python = new PythonLaunch(before, kind, named.get().target(), List.of());
        return Optional.of(new Command(
                TargetRuntime.PYTHON, interpreter.get(), vector, named.get().name(), Optional.of(python)));
    }

    /** Without debugging the interpreter may make of it what it likes; the agent would never be started. */
    private static void checkThatTheyNameNoTarget(Arguments arguments) {
        if (arguments.flag("noDebug", false) || !(arguments.get("pythonArgs") instanceof JsonArray array)) {
            return;
        }
        for (String word : arguments.elements("pythonArgs", array, false)) {
            if (word.startsWith("-m") || word.startsWith("-c")) {
                arguments.fault(
                        "pythonArgs",
                        "'pythonArgs' has " + word + ", which says what to run; use '"
                                + (word.startsWith("-m") ? "module" : "code") + "' for that");
                return;
            }
        }
    }

    /**
     * What Python is to run.
     *
     * @param name for people
     */
    private record Named(PythonLaunch.Kind kind, String target, String name) {}

    /** Nothing after a fault. */
    private static Optional<Named> named(Target target, Command.Place place) {
        if (target instanceof Target.Module module) {
            return Optional.of(new Named(PythonLaunch.Kind.MODULE, module.name(), module.name()));
        }
        if (target instanceof Target.Code code) {
            return Optional.of(new Named(PythonLaunch.Kind.CODE, code.text(), "code"));
        }
        String written = ((Target.Program) target).path();
        Optional<Path> file =
                Paths.resolve(place.arguments(), "program", written, place.cwd().base());
        if (file.isEmpty() || !isRunnable(place.arguments(), file.get(), written)) {
            return Optional.empty();
        }
        return Optional.of(new Named(PythonLaunch.Kind.PROGRAM, file.get().toString(), fileName(file.get())));
    }

    static String fileName(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }

    private static boolean isRunnable(Arguments arguments, Path file, String written) {
        if (!Files.exists(file)) {
            arguments.fault("program", "'program' " + Paths.missing(file, written));
        } else if (Files.isDirectory(file) && !FileHead.isRunnableDirectory(file)) {
            arguments.fault("program", "'program' " + file + " is a directory without __main__.py; name a file in it");
        } else if (!Files.isReadable(file)) {
            arguments.fault("program", "'program' " + file + " may not be read by this user");
        }
        return !arguments.isFaulty("program");
    }
}
