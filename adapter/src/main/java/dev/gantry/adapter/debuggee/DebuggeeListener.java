package dev.gantry.adapter.debuggee;

import dev.gantry.launcher.SpawnException;

/** What happens to a run, in this order: started, then any number of others, then ended. Or startFailed, and nothing else. */
public interface DebuggeeListener {
    /** The client's terminal ran the command, but the program could not be started. */
    void startFailed(SpawnException why);

    /** The program runs. */
    void started(Debuggee debuggee);

    /** Somebody else has stopped it, or itself. */
    void stopped();

    /** It was held, and goes on: somebody else has seen to that, or it is being ended. */
    void continued();

    /** Something the user should know, one line. */
    void note(String line);

    /** Something was thrown that should not have been; the run goes on. */
    void fault(String where, Throwable thrown);

    /** The last call. */
    void ended(ExitReport report);
}
