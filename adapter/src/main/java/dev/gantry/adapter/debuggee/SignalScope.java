package dev.gantry.adapter.debuggee;

/** Whom a signal goes to. */
public enum SignalScope {
    PROCESS,
    GROUP,
    TREE
}
