package dev.gantry.adapter.config;

/** When the target's whole tree of processes is ended. */
public enum KillTree {
    /** When the target is stopped: terminate, disconnect, restart, the end of the client or of the adapter. */
    STOP,
    /** Also when the target ends by itself. */
    ALWAYS,
    /** Never: only the target itself is signalled. */
    NEVER
}
