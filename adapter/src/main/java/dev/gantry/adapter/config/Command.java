package dev.gantry.adapter.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is run.
 *
 * @param vector without the target's arguments; its first element is the executable
 * @param name of the target, for people
 * @param python the vector's parts, of a Python target; without its arguments too
 */
record Command(
        TargetRuntime runtime, Path executable, List<String> vector, String name, Optional<PythonLaunch> python) {
    /** Where a command is looked up. */
    record Place(Arguments arguments, Environment environment, WorkingDirectory cwd) {}

    static Optional<Command> of(Target target, Place place) {
        return runtime(target, place) == TargetRuntime.PYTHON
                ? PythonCommand.of(target, place)
                : ProcessCommand.of(target, place);
    }

    private static TargetRuntime runtime(Target target, Place place) {
        Arguments arguments = place.arguments();
        Optional<String> given = arguments.text("runtime");
        if (given.isPresent()) {
            return given.get().equals("python") ? TargetRuntime.PYTHON : TargetRuntime.PROCESS;
        }
        boolean python = !(target instanceof Target.Program program)
                || arguments.isGiven("python")
                || arguments.isGiven("pythonPath")
                || arguments.isGiven("pythonArgs")
                || PythonCommand.looksLikePython(program.path(), place);
        return python ? TargetRuntime.PYTHON : TargetRuntime.PROCESS;
    }
}
