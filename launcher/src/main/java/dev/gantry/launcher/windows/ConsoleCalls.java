package dev.gantry.launcher.windows;

import java.util.List;

/**
 * The system calls by which programs on a console are told of an event: the seam at which tests stand in for the system, since Wine
 * delivers no CTRL_BREAK.
 */
interface ConsoleCalls {
    /** CTRL_C_EVENT. */
    int CTRL_C = 0;

    /** CTRL_BREAK_EVENT. */
    int CTRL_BREAK = 1;

    /** The processes on our own console, ourselves included; empty without one. */
    List<Integer> processes();

    /** Leaves our console, if we have one. */
    void free();

    /** Joins the console of a process; false if it has none, or has not got that far, or is no more. */
    boolean attach(int pid) throws SystemCallException;

    /** Makes sure that the next event of those we send does not end us. On the console where it will be sent. */
    void shield();

    /** Sends the event to all processes on our console. */
    void generate(int event) throws SystemCallException;
}
