package dev.gantry.launcher;

/** A descriptor of the child was named that is not mapped, or not for that direction. */
public final class NoSuchChildFdException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public NoSuchChildFdException(String message) {
        super(message);
    }
}
