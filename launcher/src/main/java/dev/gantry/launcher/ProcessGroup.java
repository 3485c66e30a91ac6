package dev.gantry.launcher;

/** Which process group a child joins. */
public enum ProcessGroup {
    /** Ours: a Ctrl+C in our terminal reaches it too. */
    INHERIT,
    /** A group of its own in our session; on a backend without {@link Capability#PROCESS_GROUP} the same as {@link #INHERIT}. */
    NEW_GROUP,
    /** A session, and so a group, of its own. A pty implies it. */
    NEW_SESSION
}
