package dev.gantry.launcher.engine;

/** Runs somebody else's code so that what it throws is reported and goes no further. */
@FunctionalInterface
public interface CallbackRunner {
    /**
     * Runs it and returns normally in any case.
     *
     * @param where what is being run, for the report: "childDataReceived(1) of /bin/cat"
     * @param code any throwable of it is reported
     */
    void guarded(String where, Runnable code);
}
