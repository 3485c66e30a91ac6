package dev.gantry.adapter.debuggee;

import dev.gantry.adapter.agent.AgentCommand;
import dev.gantry.adapter.config.KillTree;
import dev.gantry.adapter.config.LaunchPlan;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.TerminalLaunch;
import dev.gantry.launcher.WindowSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a target, from its start to its last byte. Confined to the reactor. It ends exactly once, by {@link
 * DebuggeeListener#ended}: then all output is with the sinks, its pipes are closed and, if it was stopped, its tree is gone. A detached
 * one never ends.
 */
public final class Debuggee {
    private final Reactor reactor;
    private final LaunchPlan plan;
    private final Optional<AgentPlan> agentPlan;
    private final Outputs outputs;
    private final DebuggeeListener listener;
    /** {@link DebuggeeListener#note}. */
    private final Consumer<String> console;

    private @Nullable ProcessTransport transport;
    private @Nullable OutputForwarder forwarder;
    private @Nullable StdinFeed stdin;
    private @Nullable StopLadder ladder;
    private @Nullable Drain drain;
    private @Nullable TerminalLaunch terminalLaunch;
    private @Nullable Pausing pausing;
    private @Nullable AgentLink agent;
    private boolean processEnded;
    private boolean ended;
    private boolean detached;

    private Debuggee(
            Reactor reactor,
            LaunchPlan plan,
            Optional<AgentPlan> agentPlan,
            Outputs outputs,
            DebuggeeListener listener) {
        this.reactor = reactor;
        this.agentPlan = agentPlan;
        this.plan = plan;
        this.outputs = outputs;
        this.listener = listener;
        this.console = listener::note;
    }

    /**
     * Starts a target with pipes or a pseudo-terminal; {@link DebuggeeListener#started} is called within.
     *
     * @param agent if it is started with one
     * @throws SpawnException if it could not be started; then nothing is called
     */
    public static Debuggee spawn(
            Reactor reactor, LaunchPlan plan, Optional<AgentPlan> agent, Outputs outputs, DebuggeeListener listener)
            throws SpawnException {
        Debuggee debuggee = new Debuggee(reactor, plan, agent, outputs, listener);
        reactor.spawnProcess(debuggee.new Protocol(), SpawnPlan.of(plan, agent, reactor.capabilities()));
        return debuggee;
    }

    /**
     * Prepares a target that the client's terminal will start by {@link #terminalCommand()}; {@link DebuggeeListener#started} is called
     * when it has.
     *
     * @param agent if it is started with one
     */
    public static Debuggee prepareForTerminal(
            Reactor reactor, LaunchPlan plan, Optional<AgentPlan> agent, Outputs outputs, DebuggeeListener listener)
            throws IOException {
        Debuggee debuggee = new Debuggee(reactor, plan, agent, outputs, listener);
        TerminalLaunch prepared = reactor.prepareTerminalLaunch(
                debuggee.new Protocol(), SpawnPlan.of(plan, agent, reactor.capabilities()));
        debuggee.terminalLaunch = prepared;
        prepared.whenFailed(listener::startFailed);
        return debuggee;
    }

    /** What the client's terminal must run. */
    public List<String> terminalCommand() {
        return terminalLaunch == null ? List.of() : terminalLaunch.command();
    }

    /** Gives up a start that the terminal has not made yet. */
    public void cancelStart() {
        if (terminalLaunch != null && transport == null) {
            terminalLaunch.cancel();
        }
    }

    public LaunchPlan plan() {
        return plan;
    }

    public boolean isStarted() {
        return transport != null;
    }

    public long pid() {
        return started().pid();
    }

    /** Whether the program itself has not been reaped. */
    public boolean isAlive() {
        return transport != null && transport.state() == ProcessTransport.State.SPAWNED;
    }

    /** What it does at this moment, as far as the system shows. */
    public Activity activity() {
        if (!isAlive()) {
            return Activity.ENDED;
        }
        if (ladder != null) {
            return Activity.STOPPING;
        }
        if (pausing().isPaused()) {
            return Activity.PAUSED;
        }
        return pausing().isStopped() ? Activity.STOPPED : Activity.RUNNING;
    }

    public boolean isStopping() {
        return ladder != null;
    }

    /** The agent in it, if it was started with one. */
    public Optional<AgentLink> agent() {
        return Optional.ofNullable(agent);
    }

    /** Whether the client was told that a signal holds it: not even the agent does anything then. */
    public boolean isToldHeld() {
        return pausing != null && pausing.isToldHeld();
    }

    /** All that it has written by now is with the sinks afterwards. */
    public void drainOutput() {
        started().drainAvailable();
    }

    /** Stops its process group (the program alone where there are no groups) until {@link #resume}. */
    public void pause() throws IOException {
        pausing().pause();
    }

    /** Lets it go on, whoever has stopped it. */
    public void resume() throws IOException {
        pausing().resume();
    }

    /** Sends a signal to the program alone, its group, or its whole tree. */
    public void signal(int number, SignalScope scope) throws IOException {
        pausing().signal(number, scope);
    }

    /** Sends a signal to one of its descendants. */
    public void signal(int number, long pid) throws IOException {
        pausing().signal(number, pid);
    }

    /** The client was told that it is held, or goes on: what differs from that is told it from now on. */
    public void told(boolean held) {
        pausing().told(held);
    }

    /** Its standard input. */
    public StdinFeed input() {
        if (stdin == null) {
            stdin = new StdinFeed(plan, started(), this::isStopping);
        }
        return stdin;
    }

    public void resize(WindowSize size) throws IOException {
        started().resize(size);
    }

    /** Its live processes, itself first. */
    public List<ProcessInfo> tree() {
        if (transport == null || !reactor.capabilities().contains(Capability.PROCESS_TREE)) {
            return List.of();
        }
        return transport.tree();
    }

    /** Ends it by the stop ladder, unless that runs already. */
    public void stop() {
        if (ended || transport == null || ladder != null) {
            return;
        }
        StopLadder.Reach reach = StopLadder.Reach.of(plan.killTree() != KillTree.NEVER, reactor.capabilities());
        ladder = new StopLadder(reactor, transport, plan.stopLadder(), reach, console, this::maybeEnd);
        if (agent == null) {
            ladder.start();
        } else {
            agent.letStop(ladder);
        }
        pausing().stopWatching();
        // Each step is followed by SIGCONT, whoever has stopped it.
        if ((pausing().release() || pausing().isToldHeld()) && isAlive()) {
            listener.continued();
        }
    }

    /** Hurries the stop ladder to SIGKILL. */
    public void killNow() {
        if (ladder != null) {
            ladder.killNow();
        }
    }

    /** The debugger takes its hands off it, which may take a moment. */
    public void letGo(Runnable then) {
        if (agent == null) {
            then.run();
        } else {
            agent.letGo(then);
        }
    }

    /**
     * Lets it live on without us, after {@link #letGo}.
     *
     * @return the process that now holds its pipes, empty if there was none to hold
     */
    public Optional<Long> detach() throws IOException {
        if (pausing().isPaused()) {
            resume();
        }
        Optional<Long> drainer = started().detach();
        detached = true;
        pausing().stopWatching();
        endDrainTime();
        if (agent != null) {
            agent.detached();
        }
        if (forwarder != null) {
            forwarder.finish(() -> {});
        }
        return drainer;
    }

    private ProcessTransport started() {
        if (transport == null) {
            throw new IllegalStateException("the target has not started yet");
        }
        return transport;
    }

    private Pausing pausing() {
        if (pausing == null) {
            pausing = new Pausing(reactor, started(), listener);
        }
        return pausing;
    }

    private void targetExited() {
        if (agent != null) {
            agent.targetExited();
        }
        pausing().stopWatching();
        pausing().release();
        if (plan.killTree() == KillTree.ALWAYS && ladder == null) {
            endRestOfTree();
        }
        if (ladder != null) {
            ladder.targetExited();
        }
        startDrainTime();
    }

    /** Not while the stop ladder runs: what it ends has last words too. */
    private void startDrainTime() {
        if (drain != null && (ladder == null || ladder.isFinished())) {
            drain.begin();
        }
    }

    /** How its last output is waited for, once it has started. */
    public Optional<Drain> drain() {
        return Optional.ofNullable(drain);
    }

    private void endRestOfTree() {
        List<ProcessInfo> rest = tree();
        if (!rest.isEmpty()) {
            listener.note("ending what the program left running: " + StopLadder.describe(rest));
            stop();
        }
    }

    private void maybeEnd() {
        if (transport != null && !isAlive()) {
            startDrainTime();
        }
        boolean stopped = ladder == null || ladder.isFinished();
        boolean unkillable = ladder != null && ladder.isFinished() && isAlive();
        if (ended || detached || !stopped || !(processEnded || unkillable)) {
            return;
        }
        ended = true;
        endDrainTime();
        if (forwarder != null) {
            forwarder.finish(this::tellEnd);
        } else {
            tellEnd();
        }
    }

    private void tellEnd() {
        if (ladder == null || plan.killTree() == KillTree.NEVER) {
            nameSurvivors();
        }
        if (!isAlive()) {
            started().release();
        }
        listener.ended(ExitReport.of(started(), plan.console().isTerminal()));
    }

    /** After an end of its own, or where that is never ended, what the program started is its own business: named, and left alone. */
    private void nameSurvivors() {
        List<ProcessInfo> survivors =
                tree().stream().filter(process -> process.pid() != pid()).toList();
        if (!survivors.isEmpty()) {
            listener.note("still running, left alone: " + StopLadder.describe(survivors));
        }
    }

    private void endDrainTime() {
        if (drain != null) {
            drain.over();
        }
    }

    /** The transport's callbacks. */
    private final class Protocol implements ProcessProtocol {
        @Override
        public void connectionMade(ProcessTransport made) {
            transport = made;
            agentPlan.ifPresent(with -> agent = AgentLink.open(reactor, made, with));
            if (!plan.console().isTerminal()) {
                forwarder = new OutputForwarder(reactor, plan, outputs, made, listener);
            }
            drain = new Drain(reactor, made, plan.drainTimeout(), Optional.ofNullable(forwarder), console);
            listener.started(Debuggee.this);
            pausing().watch();
        }

        @Override
        public void childDataReceived(int childFd, ByteBuffer data) {
            if (detached) {
                return;
            }
            if (childFd == AgentCommand.CHILD_FD && agent != null) {
                agent.received(data);
            } else if (forwarder != null) {
                forwarder.forward(childFd, data);
            }
        }

        @Override
        public void childConnectionLost(int childFd) {
            if (childFd == AgentCommand.CHILD_FD && agent != null) {
                agent.connectionLost();
            }
        }

        @Override
        public void processExited(ExitReason reason) {
            if (!detached) {
                targetExited();
            }
        }

        @Override
        public void processEnded(ExitReason reason) {
            processEnded = true;
            endDrainTime();
            maybeEnd();
        }
    }
}
