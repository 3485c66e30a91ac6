package dev.gantry.adapter.config;

import com.google.gson.JsonObject;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.WindowSize;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A launch, with everything resolved: nothing is looked up or defaulted after this. Immutable.
 *
 * @param runtime what kind of target
 * @param command the argument vector; its first element is {@code executable}
 * @param executable the file that is run, absolute
 * @param workingDirectory where, absolute
 * @param environment changes to the adapter's environment, env files included: a value sets, null removes
 * @param console where its input and output are
 * @param consoleTitle of a terminal
 * @param pty the pseudo-terminal's size, if one of {@code childFds} is one
 * @param childFds descriptors 0, 1 and 2 as the process transport wants them, the pseudo-terminal, {@code stdio} and {@code
 *     mergeOutput} worked in; empty for a terminal, whose they are
 * @param stopLadder at least one step; the last one is KILL
 * @param killTree when the whole tree ends
 * @param drainTimeout how long after the target's exit its pipes are read on
 * @param outputEncoding what its output is encoded in
 * @param outputCap how much output is shown, if not all
 * @param mergeOutput whether stderr goes where stdout goes
 * @param redirectOutput whether output becomes output events; false for terminals
 * @param noDebug whether it is only run
 * @param name the configuration's name, or the program's
 * @param interpreter the Python interpreter, for Python targets: the same as {@code executable}
 * @param debugging how it is debugged; empty where it is only run, and for targets that are no Python programs
 * @param arguments the raw arguments, for a restart without new ones
 */
public record LaunchPlan(
        TargetRuntime runtime,
        List<String> command,
        Path executable,
        Path workingDirectory,
        Map<String, @Nullable String> environment,
        ConsoleKind console,
        String consoleTitle,
        Optional<WindowSize> pty,
        SortedMap<Integer, ChildFd> childFds,
        List<StopStep> stopLadder,
        KillTree killTree,
        Duration drainTimeout,
        Charset outputEncoding,
        Optional<OutputCap> outputCap,
        boolean mergeOutput,
        boolean redirectOutput,
        boolean noDebug,
        String name,
        Optional<Path> interpreter,
        Optional<DebugSettings> debugging,
        JsonObject arguments) {

    public LaunchPlan {
        command = List.copyOf(command);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        childFds = Collections.unmodifiableSortedMap(new TreeMap<>(childFds));
        stopLadder = List.copyOf(stopLadder);
        arguments = arguments.deepCopy();
    }

    /** A copy: JSON objects can be changed. */
    @Override
    public JsonObject arguments() {
        return arguments.deepCopy();
    }

    /** The exact command line, quoted so that the system's own shell would run the same. */
    public String echo() {
        return Platform.current().quoteAll(command);
    }
}
