package dev.gantry.adapter.cli;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code gantry run} was asked to do.
 *
 * @param target what to run
 * @param arguments the target's arguments
 * @param cwd where it runs, absolute
 * @param environment what to set, in order
 * @param unset what to remove
 * @param envFiles files of variables
 * @param python the interpreter
 * @param runtime "python" or "process", if not to be inferred
 * @param noInput whether it gets no input, and ours is left alone
 * @param tty whether it gets a pseudo-terminal
 * @param stopLadder steps such as "SIGINT:1.5"; the default if empty
 * @param killTree "stop", "always" or "never", if not the default
 * @param mergeOutput whether stderr goes where stdout goes
 * @param encoding what the output is encoded in
 * @param quiet whether lines about the run are hidden
 * @param json whether the adapter's messages are printed instead of the output
 * @param log where the adapter keeps its log
 * @param debug where it is to stop, if anywhere
 */
record RunOptions(
        Target target,
        List<String> arguments,
        Path cwd,
        Map<String, String> environment,
        List<String> unset,
        List<Path> envFiles,
        Optional<String> python,
        Optional<String> runtime,
        boolean noInput,
        boolean tty,
        List<String> stopLadder,
        Optional<String> killTree,
        boolean mergeOutput,
        Optional<Charset> encoding,
        boolean quiet,
        boolean json,
        Optional<Path> log,
        Optional<DebugRequest> debug) {

    /** What is to run. */
    sealed interface Target {
        record Program(String path) implements Target {}

        record Module(String name) implements Target {}

        record Code(String text) implements Target {}
    }
}
