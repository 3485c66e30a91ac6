package dev.gantry.adapter.cli;

import java.util.ListResourceBundle;

/** What {@code gantry run --help} says otherwise on Windows; picocli takes it before what the annotations say. */
public final class RunOnWindows extends ListResourceBundle {
    @Override
    protected Object[][] getContents() {
        return new Object[][] {
            {
                "usage.description.0",
                "Runs a program through the adapter, as a client would, and behaves like the program: its output is our"
                        + " output, byte for byte; our standard input is its input, its end too; its exit code is ours."
            },
            {"usage.description.1", ""},
            {
                "usage.description.2",
                "Ctrl+C stops the program by its stop ladder; a second one kills it, and a third one ends the adapter"
                        + " too. Lines about the run (what is started, how it ended) go to standard error."
            },
            {"tty", "Refused on Windows: there are no pseudo-terminals."},
            {
                "merge-output",
                "Send its standard error where its standard output goes, in exact order. Never done unasked on Windows,"
                        + " also where ours are one file or pipe."
            },
            {
                "stop-ladder",
                "The signals that stop the program and the seconds it has after each, such as SIGINT:1.5,SIGTERM:1.5:"
                        + " SIGINT is Ctrl+C, SIGTERM closes its windows or is Ctrl+Break. SIGKILL comes last in any case."
            },
            {"usage.exitCodeList.0", "n:the program's own, all 32 bits of it"},
            {"usage.exitCodeList.1", "137:the program was killed"},
            {"usage.exitCodeList.2", "125:the adapter failed"},
            {"usage.exitCodeList.3", "126:the program could not be started"},
            {"usage.exitCodeList.4", "127:there is no such program"},
            {"usage.exitCodeList.5", "130:we were interrupted before it was started"},
            {"usage.exitCodeList.6", "1:our output or the log cannot be written"},
            {"usage.exitCodeList.7", "2:the command line is wrong"}
        };
    }
}
