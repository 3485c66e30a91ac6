package dev.gantry.launcher.contract;

/** The rows of the transport's contract, in the order of the design's table; then what goes beyond the reference. */
enum Row {
    SPAWN_PROCESS("spawnProcess"),
    SIGNAL_PROCESS("signalProcess"),
    WRITE("write, writeSequence"),
    WRITE_TO_CHILD("writeToChild"),
    CLOSE_CHILD_FD("closeChildFd, closeStdin, closeStdout, closeStderr"),
    LOSE_CONNECTION("loseConnection"),
    CONNECTION_LOST("childConnectionLost"),
    END("processExited, processEnded"),
    EXIT_REASON("ExitReason.of"),
    PRODUCER("registerProducer, unregisterProducer"),
    PRODUCING("pauseProducing, resumeProducing, stopProducing"),
    TO_STRING("toString"),
    CHILD_DESCRIPTORS("any child descriptors"),
    PTY("pty and window size"),
    GROUP("process group, session"),
    ARGUMENTS("arguments"),
    ENVIRONMENT("environment"),
    WORKING_DIRECTORY("working directory"),
    REDIRECTION("redirection"),
    SIGNAL_DEFAULTS("signal defaults"),
    EXACT_DESCRIPTORS("exact descriptors"),
    RESOURCE_USAGE("resource usage"),
    TREE("tree of descendants"),
    TERMINAL_LAUNCH("terminal launch"),
    CALLBACK_ISOLATION("callback isolation"),
    SPAWN_EXCEPTION("SpawnException"),
    CONFINEMENT("reactor's thread only");

    private final String title;

    Row(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
