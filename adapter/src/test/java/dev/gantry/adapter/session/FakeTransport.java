package dev.gantry.adapter.session;

import dev.gantry.adapter.agent.AgentCommand;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.NoSuchChildFdException;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Producer;
import dev.gantry.launcher.ResourceUsage;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.UnsupportedCapabilityException;
import dev.gantry.launcher.WindowSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A process that does what the test says and remembers what was done to it. */
final class FakeTransport implements ProcessTransport {
    final SpawnRequest request;
    final List<String> done = new ArrayList<>();
    final StringBuilder stdin = new StringBuilder();
    final List<ProcessInfo> descendants = new ArrayList<>();
    /** What speaks on the other end of its descriptor 3, if it has one. */
    final FakeAgent agent = new FakeAgent(bytes -> this.agentWrites(bytes));

    boolean startCancelled;
    boolean connected;
    boolean paused;
    boolean released;
    /** The process's state as in proc(5). */
    char procState = 'S';

    /** Runs whenever somebody looks at its tree. */
    Runnable onLook = () -> {};

    /** What its backend cannot send. */
    final Set<Signal> unsupported = EnumSet.noneOf(Signal.class);

    /** What the process does when it gets a signal it does not ignore. */
    java.util.function.Consumer<Signal> onSignal = signal -> {
        if (signal != Signal.STOP && signal != Signal.CONT) {
            exitAndEnd(ExitReason.of(signal.number()));
        }
    };

    /** What is in its pipes is written within a drain. */
    Runnable onDrain = () -> {};

    private final ProcessProtocol protocol;
    private final long pid;
    private Optional<Producer> input = Optional.empty();
    private State state = State.SPAWNED;
    private Optional<ExitReason> reason = Optional.empty();

    FakeTransport(ProcessProtocol protocol, SpawnRequest request, long pid) {
        this.protocol = protocol;
        this.request = request;
        this.pid = pid;
    }

    /** It runs: started by the reactor, or by a terminal. */
    void starts() {
        connected = true;
        protocol.connectionMade(this);
    }

    void writes(int fd, String text) {
        protocol.childDataReceived(fd, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void agentWrites(ByteBuffer bytes) {
        protocol.childDataReceived(AgentCommand.CHILD_FD, bytes);
    }

    void losesAgent() {
        protocol.childConnectionLost(AgentCommand.CHILD_FD);
    }

    /** Whoever writes to its standard input. */
    Producer input() {
        return input.orElseThrow();
    }

    private void loseInput() {
        input.ifPresent(Producer::stopProducing);
        input = Optional.empty();
    }

    void exits(ExitReason how) {
        state = State.EXITED;
        reason = Optional.of(how);
        loseInput();
        protocol.processExited(how);
    }

    void ends() {
        state = State.ENDED;
        protocol.processEnded(reason.orElseThrow());
    }

    void exitAndEnd(ExitReason how) {
        exits(how);
        ends();
    }

    private void signal(String verb, Signal signal) throws IOException {
        if (unsupported.contains(signal)) {
            throw new UnsupportedCapabilityException("fake", Capability.ALL_SIGNALS, signal.sigName());
        }
        boolean reached =
                state == State.SPAWNED || verb.equals("tree") || (verb.equals("group") && !descendants.isEmpty());
        if (!reached) {
            throw new ProcessExitedAlreadyException("pid " + pid + " has ended");
        }
        done.add(verb + " " + signal);
        if (signal == Signal.KILL) {
            descendants.clear();
        }
        if (state == State.SPAWNED) {
            onSignal.accept(signal);
        }
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public void write(ByteBuffer data) {
        stdin.append(StandardCharsets.UTF_8.decode(data));
    }

    @Override
    public void writeToChild(int childFd, ByteBuffer data) {
        if (childFd == AgentCommand.CHILD_FD && request.childFds().containsKey(childFd)) {
            agent.received(data);
            return;
        }
        if (childFd != 0) {
            throw new NoSuchChildFdException("no descriptor " + childFd);
        }
        write(data);
    }

    @Override
    public void closeChildFd(int childFd) {
        done.add("close " + childFd);
    }

    @Override
    public void closeStdin() {
        closeChildFd(0);
    }

    @Override
    public void closeStdout() {
        closeChildFd(1);
    }

    @Override
    public void closeStderr() {
        closeChildFd(2);
    }

    @Override
    public void loseConnection() {
        done.add("lose");
    }

    @Override
    public void abortConnection() {
        done.add("abort");
        if (state == State.EXITED) {
            ends();
        }
    }

    @Override
    public void registerProducer(Producer producer, boolean streaming) {
        done.add("producer");
        input = Optional.of(producer);
    }

    @Override
    public void unregisterProducer() {
        done.add("no producer");
        input = Optional.empty();
    }

    @Override
    public void pauseProducing() {
        paused = true;
    }

    @Override
    public void resumeProducing() {
        paused = false;
    }

    @Override
    public void setReading(int childFd, boolean on) {
        done.add((on ? "read " : "leave ") + childFd);
    }

    @Override
    public void stopProducing() {
        loseConnection();
    }

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public void drainAvailable() {
        done.add("drain");
        Runnable once = onDrain;
        onDrain = () -> {};
        once.run();
    }

    @Override
    public void signalProcess(Signal signal) throws IOException {
        signal("process", signal);
    }

    @Override
    public void signalProcess(int number) throws IOException {
        signal(
                "process",
                Signal.numbered(number).orElseThrow(() -> new IllegalArgumentException("no signal " + number)));
    }

    @Override
    public void signalGroup(Signal signal) throws IOException {
        signal("group", signal);
    }

    @Override
    public void signalDescendant(long pid, Signal signal) throws IOException {
        signal("pid " + pid, signal);
    }

    @Override
    public void signalTree(Signal signal) throws IOException {
        signal("tree", signal);
    }

    @Override
    public List<ProcessInfo> tree() {
        onLook.run();
        List<ProcessInfo> all = new ArrayList<>();
        if (state == State.SPAWNED) {
            all.add(new ProcessInfo(pid, 1, 1, procState, "program", 1024, Duration.ZERO));
        }
        all.addAll(descendants);
        return all;
    }

    @Override
    public List<ProcessInfo> holdersOfPipes() {
        return List.copyOf(descendants);
    }

    @Override
    public void resize(WindowSize size) {
        done.add("resize " + size.columns() + "x" + size.rows());
    }

    @Override
    public ResourceUsage usage() {
        return new ResourceUsage(
                Duration.ofSeconds(1), Optional.empty(), Optional.empty(), OptionalLong.empty(), false);
    }

    @Override
    public Optional<ExitReason> exitReason() {
        return reason;
    }

    @Override
    public void release() {
        released = true;
    }

    @Override
    public Optional<Long> detach() {
        done.add("detach");
        state = State.ENDED;
        loseInput();
        return Optional.of(77L);
    }
}
