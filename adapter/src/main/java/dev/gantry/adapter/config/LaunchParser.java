package dev.gantry.adapter.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.launcher.ChildFd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Turns the arguments of a launch request into a {@link LaunchPlan}. Any thread; it reads env files and looks at the file
 * system, and runs nothing.
 */
public final class LaunchParser {
    private final Host host;

    public LaunchParser(Host host) {
        this.host = host;
    }

    /** All that was read, sound or not. */
    private record Reading(
            Optional<Command> command,
            List<String> args,
            Path cwd,
            Environment environment,
            ConsoleSettings console,
            SortedMap<Integer, ChildFd> childFds,
            OutputSettings output,
            Debugging debugging,
            List<StopStep> stopLadder) {}

    /** Never throws: whatever is wrong with the arguments is in the result. */
    public LaunchResult parse(JsonObject json) {
        Arguments arguments = Arguments.check(json);
        Reading reading = read(arguments);
        arguments.warnOfAccepted();
        if (!arguments.problems().isEmpty() || reading.command().isEmpty()) {
            return new LaunchResult.Refused(arguments.problems(), arguments.unknown());
        }
        LaunchPlan plan = plan(json, arguments, reading, reading.command().get());
        if (plan.runtime() == TargetRuntime.PROCESS && !plan.noDebug() && arguments.flag("stopOnEntry", false)) {
            arguments.warn("'stopOnEntry' has no effect: only Python programs can be debugged, and " + plan.name()
                    + " is run as a process");
        }
        return new LaunchResult.Accepted(plan, arguments.warnings());
    }

    private Reading read(Arguments arguments) {
        Optional<Target> target = Target.read(arguments);
        WorkingDirectory cwd = WorkingDirectory.read(arguments, target, host);
        Environment environment = Environment.read(arguments, host, cwd.directory());
        // Where the working directory is wrong, looking things up in it would only repeat that.
        Optional<Command> command = target.isEmpty() || arguments.isFaulty("cwd")
                ? Optional.empty()
                : Command.of(target.get(), new Command.Place(arguments, environment, cwd));
        List<String> args = Target.args(arguments, host.platform());
        ConsoleSettings console = ConsoleSettings.read(arguments);
        return new Reading(
                command,
                args,
                cwd.directory(),
                environment,
                console,
                Stdio.read(arguments, cwd.directory(), console, host.platform()),
                OutputSettings.read(arguments, cwd.directory()),
                Debugging.read(arguments, cwd.directory(), host.platform()),
                StopLadder.read(
                        arguments,
                        command.isPresent() ? command.get().runtime() : TargetRuntime.PROCESS,
                        host.platform()));
    }

    private LaunchPlan plan(JsonObject json, Arguments arguments, Reading reading, Command command) {
        String name = name(json, command);
        ConsoleSettings console = reading.console();
        return new LaunchPlan(
                command.runtime(),
                joined(command.vector(), reading.args()),
                command.executable(),
                reading.cwd(),
                host.platform() == Platform.WINDOWS
                        ? PythonText.environment(reading.environment(), arguments, command, console)
                        : reading.environment().changes(),
                console.kind(),
                console.title().orElse(name),
                usesPty(reading.childFds()) ? console.pty() : Optional.empty(),
                reading.childFds(),
                reading.stopLadder(),
                killTree(arguments),
                reading.output().drainTimeout(),
                reading.output().charset(),
                reading.output().cap(),
                arguments.flag("mergeOutput", false),
                console.redirectOutput(),
                arguments.flag("noDebug", false),
                name,
                command.runtime() == TargetRuntime.PYTHON ? Optional.of(command.executable()) : Optional.empty(),
                debugging(arguments, reading, command),
                json);
    }

    private static Optional<DebugSettings> debugging(Arguments arguments, Reading reading, Command command) {
        if (arguments.flag("noDebug", false) || command.python().isEmpty()) {
            return Optional.empty();
        }
        PythonLaunch python = command.python().get().with(reading.args());
        return Optional.of(reading.debugging().of(python));
    }

    private static boolean usesPty(SortedMap<Integer, ChildFd> childFds) {
        for (ChildFd fd : childFds.values()) {
            if (fd instanceof ChildFd.Pty) {
                return true;
            }
        }
        return false;
    }

    private static List<String> joined(List<String> vector, List<String> args) {
        List<String> all = new ArrayList<>(vector.size() + args.size());
        all.addAll(vector);
        all.addAll(args);
        return all;
    }

    private static KillTree killTree(Arguments arguments) {
        return switch (arguments.text("killTree").orElse("stop")) {
            case "always" -> KillTree.ALWAYS;
            case "never" -> KillTree.NEVER;
            default -> KillTree.STOP;
        };
    }

    /** The configuration's name, which editors add, or the target's. */
    private static String name(JsonObject json, Command command) {
        JsonElement name = json.get("name");
        boolean usable = name != null
                && JsonType.of(name) == JsonType.STRING
                && !name.getAsString().isBlank();
        return usable ? name.getAsString() : command.name();
    }
}
