package dev.gantry.launcher;

/** A backend was asked for what it cannot do. */
public final class UnsupportedCapabilityException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1L;

    private final String backend;
    private final Capability capability;
    private final String what;

    /**
     * @param backend the backend's name
     * @param capability what it lacks
     * @param what what was asked for, in words
     */
    public UnsupportedCapabilityException(String backend, Capability capability, String what) {
        super("the " + backend + " backend has no " + capability + ": " + what);
        this.backend = backend;
        this.capability = capability;
        this.what = what;
    }

    public String backend() {
        return backend;
    }

    public Capability capability() {
        return capability;
    }

    /** What was asked for, in words. */
    public String what() {
        return what;
    }
}
