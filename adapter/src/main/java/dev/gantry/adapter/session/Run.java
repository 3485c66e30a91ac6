package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.adapter.config.ConsoleKind;
import dev.gantry.adapter.config.LaunchPlan;
import dev.gantry.adapter.debuggee.AgentPlan;
import dev.gantry.adapter.debuggee.Debuggee;
import dev.gantry.adapter.debuggee.DebuggeeListener;
import dev.gantry.adapter.debuggee.ExitLine;
import dev.gantry.adapter.debuggee.ExitReport;
import dev.gantry.adapter.debuggee.Outputs;
import dev.gantry.adapter.model.Failure;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The session's target over its restarts, and what the client is told of it. Confined to the reactor; one for each session.
 */
final class Run {
    /** A process target shows as one thread; ids must be positive and below 2^31 for every client. */
    static final int THREAD_ID = 1;

    /** A terminal may have to be opened first, and its shell to read its own files. */
    private static final Duration TERMINAL_AT_LATEST = Duration.ofSeconds(60);

    private final Client client;
    private final Reactor reactor;
    private final Debugging debugging;
    private final Consumer<String> trace;
    private final Consumer<ExitReport> onEnded;

    /** What was noted of the configuration: a restart repeats none of it. */
    private final Set<String> told = new HashSet<>();

    private ClientInfo clientInfo = ClientInfo.UNKNOWN;
    private @Nullable Debuggee debuggee;
    private @Nullable Starting starting;
    private @Nullable DelayedCall terminalLate;
    private boolean ended;
    private boolean everStarted;

    /** Hears what became of a start: one of the two, once. */
    interface Starting {
        void started();

        void failed(Failure failure);
    }

    Run(Client client, Reactor reactor, Debugging debugging, Consumer<String> trace, Consumer<ExitReport> onEnded) {
        this.client = client;
        this.reactor = reactor;
        this.debugging = debugging;
        this.trace = trace;
        this.onEnded = onEnded;
    }

    void clientIs(ClientInfo info) {
        clientInfo = info;
    }

    /** The target that runs, is being ended, or is held by a stop; empty before the first start and after the end. */
    Optional<Debuggee> live() {
        return debuggee != null && debuggee.isStarted() && !ended ? Optional.of(debuggee) : Optional.empty();
    }

    /** Whether a target was ever started. */
    boolean everStarted() {
        return everStarted;
    }

    /** What a request is answered that needs a {@link #live} target where there is none. */
    Failure whyNotLive(String command) {
        if (!everStarted) {
            return Failures.noTarget(command);
        }
        return starting != null ? Failures.restarting(command) : Failures.targetEnded(command);
    }

    /** The target. Only where the dispatch table has made sure that there is one. */
    Debuggee target() {
        return live().orElseThrow(() -> new BadRequestException(Failures.noTarget("this request")));
    }

    /**
     * Starts a target. {@code notes} are shown right after its {@code process} event: some clients make a process of their own for
     * output that comes before.
     */
    void start(LaunchPlan plan, List<String> notes, Starting listener) {
        starting = listener;
        trace.accept("starting " + plan.echo() + " in " + plan.workingDirectory() + ", console "
                + plan.console().text());
        List<String> all = new ArrayList<>(notes);
        Optional<AgentPlan> agent = debugging.prepare(plan, all::add);
        DebuggeeListener events = new Events(plan, all);
        try {
            if (plan.console().isTerminal()) {
                startInTerminal(plan, agent, events);
            } else {
                debuggee = Debuggee.spawn(reactor, plan, agent, outputs(plan), events);
            }
        } catch (SpawnException e) {
            startFailed(Failures.notStarted(String.valueOf(e.getMessage())));
        } catch (UnsupportedCapabilityException e) {
            trace.accept("starting: " + e.getMessage());
            startFailed(Failures.notStarted(e));
        } catch (IOException e) {
            startFailed(Failures.notStarted("its terminal could not be prepared: " + e.getMessage()));
        } catch (RuntimeException e) {
            // The request that led here may have been answered already: without this, launch never would be.
            traceFault("starting", e);
            startFailed(Failures.internal("launch"));
        }
    }

    private void traceFault(String where, Throwable thrown) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        trace.accept(where + ": " + stack);
    }

    private void startInTerminal(LaunchPlan plan, Optional<AgentPlan> agent, DebuggeeListener events)
            throws IOException {
        Debuggee prepared = Debuggee.prepareForTerminal(reactor, plan, agent, outputs(plan), events);
        debuggee = prepared;
        JsonObject arguments = Bodies.object(
                "kind", plan.console() == ConsoleKind.EXTERNAL_TERMINAL ? "external" : "integrated",
                "title", plan.consoleTitle(),
                "cwd", plan.workingDirectory().toString(),
                "args", Bodies.array(prepared.terminalCommand()));
        terminalLate = reactor.callLater(TERMINAL_AT_LATEST, () -> terminalIsLate(prepared));
        // The answer may lack the pid, or come long after the program has started: only the shim's own word counts.
        client.request("runInTerminal", arguments, answer -> {
            if (answer instanceof Client.Answer.Failed failed && !prepared.isStarted() && starting != null) {
                prepared.cancelStart();
                startFailed(Failures.notStarted("the client could not run it in a terminal: " + failed.message()));
            }
        });
    }

    private void terminalIsLate(Debuggee prepared) {
        if (debuggee == prepared && !prepared.isStarted()) {
            prepared.cancelStart();
            startFailed(Failures.notStarted("the client's terminal has not run it for " + TERMINAL_AT_LATEST.toSeconds()
                    + " s; see what the terminal shows, or set 'console' to \"internalConsole\""));
        }
    }

    /** Gives up a start that has not happened yet. */
    void cancelStart(String why) {
        if (debuggee != null && !debuggee.isStarted()) {
            debuggee.cancelStart();
        }
        startFailed(Failures.startCancelled(why));
    }

    private void startFailed(Failure failure) {
        Starting listener = starting;
        starting = null;
        stopWaitingForTerminal();
        if (listener != null) {
            trace.accept("not started: " + failure.message());
            listener.failed(failure);
            debugging.notStarted();
        }
    }

    private void stopWaitingForTerminal() {
        if (terminalLate != null) {
            terminalLate.cancel();
            terminalLate = null;
        }
    }

    /**
     * Shows the user a line in the console, whatever it is about: what comes as stdout or stderr is the program's alone, and LSP4E shows
     * nothing that is {@code important}.
     */
    void note(String line) {
        client.event("output", Bodies.object("category", "console", "output", line + "\n"));
    }

    /** We have stopped it. */
    void tellStopped() {
        tellStopped("Paused by SIGSTOP");
    }

    private void tellStopped(String description) {
        client.event(
                "stopped",
                Bodies.object(
                        "reason",
                        "pause",
                        "description",
                        description,
                        "threadId",
                        THREAD_ID,
                        "allThreadsStopped",
                        true));
        live().ifPresent(target -> target.told(true));
    }

    void tellContinued() {
        client.event("continued", Bodies.object("threadId", THREAD_ID, "allThreadsContinued", true));
        live().ifPresent(target -> target.told(false));
    }

    /** "hello.py (running, pid 12)"; nothing runs in the client's view before the start and after the end. */
    String threadName() {
        Debuggee target = target();
        String state = target.activity().name().toLowerCase(Locale.ROOT);
        return target.plan().name() + " (" + state + ", pid " + target.pid() + ")";
    }

    private Outputs outputs(LaunchPlan plan) {
        return new Outputs(channel("stdout", plan), channel(plan.mergeOutput() ? "stdout" : "stderr", plan));
    }

    private OutputChannel channel(String category, LaunchPlan plan) {
        return client.outputChannel(
                new OutputFormat(category, plan.outputEncoding(), !clientInfo.ansi(), clientInfo.rawOutput()));
    }

    /** What one run tells. */
    private final class Events implements DebuggeeListener {
        private final LaunchPlan plan;
        private final List<String> notes;
        private boolean faultTold;

        Events(LaunchPlan plan, List<String> notes) {
            this.plan = plan;
            this.notes = notes;
        }

        @Override
        public void started(Debuggee started) {
            debuggee = started;
            ended = false;
            everStarted = true;
            debugging.started(started);
            Starting listener = starting;
            starting = null;
            stopWaitingForTerminal();
            if (listener != null) {
                listener.started();
            }
            client.event(
                    "process",
                    Bodies.object(
                            "name",
                            plan.name(),
                            "systemProcessId",
                            started.pid(),
                            "isLocalProcess",
                            true,
                            "startMethod",
                            "launch"));
            client.event("thread", Bodies.object("reason", "started", "threadId", THREAD_ID));
            echo();
            for (String line : notes) {
                if (told.add(line)) {
                    Run.this.note(line);
                }
            }
        }

        @Override
        public void startFailed(SpawnException why) {
            Run.this.startFailed(Failures.notStarted(String.valueOf(why.getMessage())));
        }

        private void echo() {
            note("$ " + plan.echo());
            note("  in " + plan.workingDirectory()
                    + plan.interpreter().map(python -> ", Python " + python).orElse(""));
        }

        @Override
        public void stopped() {
            // The system does not say which signal it was, nor whose.
            tellStopped("Stopped by a signal, its own or somebody else's");
        }

        @Override
        public void continued() {
            tellContinued();
        }

        @Override
        public void note(String line) {
            trace.accept("target: " + line);
            Run.this.note(line);
        }

        @Override
        public void fault(String where, Throwable thrown) {
            traceFault(where, thrown);
            if (!faultTold) {
                faultTold = true;
                note("internal error in " + where + "; start Gantry with --log FILE to see it, and please report it");
            }
        }

        @Override
        public void ended(ExitReport report) {
            ended = true;
            Run.this.note(ExitLine.of(report));
            client.event("gantry/exit", ExitBody.of(report));
            client.event("thread", Bodies.object("reason", "exited", "threadId", THREAD_ID));
            trace.accept("ended: " + ExitLine.of(report));
            onEnded.accept(report);
        }
    }
}
