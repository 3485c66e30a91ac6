package dev.gantry.adapter.config;

/** What kind of target is launched. */
public enum TargetRuntime {
    /** A Python interpreter runs a file, a module or a text. */
    PYTHON,
    /** Any executable file. */
    PROCESS
}
