package dev.gantry.launcher;

/** The process ended by itself with exit code 0. */
public record ProcessDone(int status) implements ExitReason {
    @Override
    public int shellCode() {
        return 0;
    }
}
