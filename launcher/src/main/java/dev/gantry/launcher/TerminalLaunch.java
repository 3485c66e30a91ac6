package dev.gantry.launcher;

import java.util.List;

/**
 * A process prepared by {@link Reactor#prepareTerminalLaunch}, to be started by running a command in a terminal. Confined to the
 * reactor's thread, but {@link #command}.
 */
public interface TerminalLaunch {
    /**
     * The command that the terminal must run, once: a shell that becomes the program's parent, tells us its process id and
     * status over a private channel, and ends a guarded program when our end of that channel closes.
     */
    List<String> command();

    /**
     * Hears that the command was run but the program could not be started: {@link SpawnException.Step#WORKING_DIRECTORY},
     * {@link SpawnException.Step#FIND_PROGRAM} (there is none), or {@link SpawnException.Step#EXECUTE} (it is not executable, or
     * the terminal ended before it had started it). Then the protocol hears nothing.
     *
     * @param listener called on the reactor's thread, at most once, not from within this call; also if the start failed before.
     *     Takes the place of one registered before. Not called after {@link #cancel}
     */
    void whenFailed(java.util.function.Consumer<SpawnException> listener);

    /**
     * Gives up: the command, if it still runs or is run later, starts nothing, and the private channel is removed. Nobody is
     * called. A no-op once started.
     */
    void cancel();
}
