package dev.gantry.launcher.windows;

import java.time.Duration;
import java.util.List;

/**
 * The system calls by which programs on a console are told of an event: the seam at which tests stand in for the system, since Wine
 * delivers no CTRL_BREAK. One thread at a time.
 */
interface ConsoleCalls {
    /** CTRL_C_EVENT. */
    int CTRL_C = 0;

    /** CTRL_BREAK_EVENT. */
    int CTRL_BREAK = 1;

    /** The processes on our own console, ourselves included; empty without one. */
    List<Integer> processes();

    /** Leaves our console, if we have one. Forgets all handlers of this process. */
    void free();

    /**
     * Joins the console of a process. Forgets all handlers of this process.
     *
     * @return false if it has none, or has not got that far, or is no more
     */
    boolean attach(int pid) throws SystemCallException;

    /** Registers our handler; the next event is one of ours. Where that will be sent. */
    void expectEvent();

    /** Sends the event to all processes on our console. */
    void generate(int event) throws SystemCallException;

    /** Whether the expected event has come; waits for it so long. */
    boolean hasHeard(Duration patience);

    /** Registers our handler; no event of ours is expected: one that comes is a user's, and does what it did before. */
    void expectNothing();

    /** Our standard handles. */
    List<Long> standardHandles();

    /** Puts those back that are no console's: joining a console may have put its own in their place. */
    void restoreHandles(List<Long> handles);
}
