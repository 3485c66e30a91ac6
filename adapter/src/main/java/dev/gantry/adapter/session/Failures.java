package dev.gantry.adapter.session;

import dev.gantry.adapter.agent.AgentAnswer;
import dev.gantry.adapter.model.Failure;
import dev.gantry.adapter.model.Failure.Blame;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.nio.charset.Charset;

/** Every failure a session answers with, worded in one place. Each says what is wrong and what to do next. */
final class Failures {
    private static final int LONGEST_QUOTE = 80;

    private Failures() {}

    static Failure notInitialized(String command) {
        return new Failure(1001, Blame.PEER, "'" + command + "' came before 'initialize', which must be first");
    }

    static Failure alreadyInitialized() {
        return new Failure(
                1002, Blame.PEER, "the session is initialized already; start another one for another client");
    }

    static Failure unknownRequest(String command) {
        return new Failure(1003, Blame.PEER, "unknown request '" + shortened(command) + "'");
    }

    static Failure malformed(String command, String why) {
        return new Failure(1004, Blame.PEER, "'" + shortened(command) + "': " + why);
    }

    static Failure wrongArgument(String command, String name, String allowed, String got) {
        return new Failure(
                1005,
                Blame.PEER,
                "argument '" + name + "' of '" + command + "' must be " + allowed + ", not " + shortened(got));
    }

    static Failure missingArgument(String command, String name) {
        return new Failure(1006, Blame.PEER, "argument '" + name + "' of '" + command + "' is missing");
    }

    static Failure unsupported(String command, String why) {
        return new Failure(1007, Blame.EXPECTED, "'" + command + "' is not supported: " + why);
    }

    static Failure unsupported(String command, UnsupportedCapabilityException lacking) {
        return unsupported(
                command,
                command.equals("pause")
                        ? "the " + lacking.backend() + " backend cannot pause programs"
                        : remedy(lacking));
    }

    static Failure internal(String command) {
        return new Failure(
                1008,
                Blame.BUG,
                "internal error in '" + command + "'; start Gantry with --log FILE to see it, and please report it");
    }

    static Failure systemRefused(String command, String why) {
        return new Failure(1009, Blame.USER, "'" + command + "' failed: " + why);
    }

    static Failure noTarget(String command) {
        return new Failure(1010, Blame.EXPECTED, "'" + command + "' needs a running program: none was started yet");
    }

    static Failure targetEnded(String command) {
        return new Failure(1011, Blame.EXPECTED, "'" + command + "' needs a running program: it has ended");
    }

    static Failure restarting(String command) {
        return new Failure(1014, Blame.EXPECTED, "'" + command + "' needs a running program: a restart is under way");
    }

    /** @param ending the program is still being stopped */
    static Failure sessionEnded(String command, boolean ending) {
        return new Failure(
                1015,
                Blame.EXPECTED,
                "'" + command + "' came too late: the session " + (ending ? "is ending" : "has ended")
                        + "; start another one");
    }

    /** @param canPause whether anything can be paused here */
    static Failure notPaused(String command, boolean canPause) {
        return new Failure(
                1012,
                Blame.EXPECTED,
                "'" + command + "' needs a paused program: it is running"
                        + (canPause ? "; pause it first" : ", and none can be paused on this platform"));
    }

    static Failure beingStopped(String command) {
        return new Failure(1013, Blame.EXPECTED, "'" + command + "' came too late: the program is being stopped");
    }

    static Failure launchRefused(String why) {
        return new Failure(1020, Blame.USER, why);
    }

    static Failure launchedAlready() {
        return new Failure(
                1021,
                Blame.PEER,
                "this session has a program already: use 'restart', or another session for another one");
    }

    static Failure notStarted(String why) {
        return new Failure(1022, Blame.USER, "the program could not be started: " + why);
    }

    static Failure notStarted(UnsupportedCapabilityException lacking) {
        return notStarted(remedy(lacking));
    }

    /** What this system has not, and which attribute to change. */
    private static String remedy(UnsupportedCapabilityException lacking) {
        String backend = "the " + lacking.backend() + " backend ";
        return switch (lacking.capability()) {
            case TERMINAL_LAUNCH ->
                backend + "starts no program in a terminal of the client: set 'console' to \"internalConsole\"";
            case PTY -> backend + "has no pseudo-terminals: leave 'tty' out (--tty of gantry run)";
            case ANY_CHILD_FDS -> backend + "cannot have " + lacking.what() + ": change 'stdio'";
            case ALL_SIGNALS -> backend + "cannot send " + lacking.what();
            default -> backend + "cannot do this: " + lacking.what();
        };
    }

    static Failure startCancelled(String why) {
        return new Failure(1023, Blame.EXPECTED, "the program was not started: " + why);
    }

    static Failure attachUnsupported() {
        return new Failure(
                1024,
                Blame.USER,
                "attaching to a running program is not supported yet: use a configuration with \"request\": \"launch\"");
    }

    static Failure wrongToken() {
        return new Failure(
                1025,
                Blame.USER,
                "'gantryToken' is missing or wrong: copy the token that 'gantry serve' printed when it started");
    }

    static Failure serverFull() {
        return new Failure(
                1026,
                Blame.USER,
                "the server runs as many sessions as it may: end one, or start it with a higher --max-sessions");
    }

    static Failure cannotRestart(String why) {
        return new Failure(1030, Blame.EXPECTED, "cannot restart: " + why);
    }

    static Failure cannotDetach() {
        return new Failure(
                1031,
                Blame.USER,
                "the program cannot be left running on this platform: disconnect with \"terminateDebuggee\": true");
    }

    static Failure inputRefused(String why) {
        return new Failure(1040, Blame.EXPECTED, why);
    }

    static Failure notInEncoding(String character, Charset encoding) {
        String number = "U+%04X".formatted(character.codePointAt(0));
        boolean printable = !Character.isSurrogate(character.charAt(0)) || character.length() == 2;
        return new Failure(
                1044,
                Blame.EXPECTED,
                (printable ? "\"" + character + "\" (" + number + ")" : number) + " cannot be written in " + encoding
                        + ", which attribute 'outputEncoding' says that the program reads");
    }

    static Failure onlyInput(String context) {
        return new Failure(
                1041,
                Blame.EXPECTED,
                "nothing can be evaluated (context '" + shortened(context)
                        + "'): the program is run, not debugged; the debug console's input goes to it");
    }

    /** What the agent refuses, in its words. */
    static Failure byAgent(AgentAnswer.Failed failed) {
        return new Failure(1050, failed.showUser() ? Blame.USER : Blame.EXPECTED, failed.message());
    }

    static Failure noSuchThread(int id) {
        return new Failure(
                1042, Blame.PEER, "there is no thread " + id + ": this program has one, number " + Run.THREAD_ID);
    }

    static Failure unknownThread(String command, int id) {
        return new Failure(
                1045, Blame.PEER, "'" + command + "' names thread " + id + ", which there is not: ask for 'threads'");
    }

    static Failure whichThread(String command) {
        return new Failure(1046, Blame.PEER, "'" + command + "' needs 'threadId': one of those that 'threads' lists");
    }

    static Failure tooManyOpen(String command) {
        return new Failure(
                1047,
                Blame.PEER,
                "'" + command + "' comes after too many that the program has not answered yet: wait for them");
    }

    static Failure staleReference(String what, int id) {
        return new Failure(1043, Blame.PEER, what + " " + id + " is not known, or no longer valid");
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    }
}
