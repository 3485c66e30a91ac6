package dev.gantry.launcher.linux;

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
import dev.gantry.launcher.UnsupportedCapabilityException;
import dev.gantry.launcher.WindowSize;
import dev.gantry.launcher.engine.ProcessLifecycle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A program that a terminal has started for us. No descriptor of it is a pipe to us, so everything about data is the contract's
 * case of a closed one. Confined to the reactor's thread; its {@link TerminalRun} closes what it holds.
 */
final class TerminalTransport implements ProcessTransport {
    private final TerminalRun run;
    private final LinuxReactor reactor;
    private final TerminalTarget target;
    private final String command;
    private final ProcessLifecycle lifecycle;

    TerminalTransport(
            TerminalRun run, LinuxReactor reactor, ProcessProtocol protocol, TerminalTarget target, String command) {
        this.run = run;
        this.reactor = reactor;
        this.target = target;
        this.command = command;
        this.lifecycle = new ProcessLifecycle(
                protocol,
                reactor.loop(),
                List.of(),
                command + " (" + target.id().pid() + ")",
                run::ended);
    }

    /** Tells the protocol. */
    void begin() {
        lifecycle.connectionMade(this);
    }

    TerminalTarget target() {
        return target;
    }

    void exited(ExitReason reason) {
        lifecycle.exited(reason);
    }

    /** Calls nothing of the protocol any more. */
    void silence() {
        lifecycle.detached();
    }

    @Override
    public long pid() {
        return target.id().pid();
    }

    @Override
    public State state() {
        reactor.assertInThread();
        return lifecycle.state();
    }

    /** Nothing: standard input is the terminal's. */
    @Override
    public void write(ByteBuffer data) {
        reactor.assertInThread();
    }

    @Override
    public void writeToChild(int childFd, ByteBuffer data) {
        reactor.assertInThread();
        throw noPipe(childFd);
    }

    @Override
    public void registerProducer(Producer producer, boolean streaming) {
        reactor.assertInThread();
        reactor.loop().guarded("stopProducing for " + this, producer::stopProducing);
    }

    @Override
    public void unregisterProducer() {
        reactor.assertInThread();
    }

    @Override
    public long queuedBytes() {
        reactor.assertInThread();
        return 0;
    }

    @Override
    public void closeChildFd(int childFd) {
        reactor.assertInThread();
        throw noPipe(childFd);
    }

    private NoSuchChildFdException noPipe(int childFd) {
        return new NoSuchChildFdException(
                "descriptor " + childFd + " of " + this + " is no pipe to us: it runs in a terminal");
    }

    @Override
    public void closeStdin() {
        reactor.assertInThread();
    }

    @Override
    public void closeStdout() {
        reactor.assertInThread();
    }

    @Override
    public void closeStderr() {
        reactor.assertInThread();
    }

    @Override
    public void loseConnection() {
        reactor.assertInThread();
    }

    @Override
    public void abortConnection() {
        reactor.assertInThread();
    }

    @Override
    public void pauseProducing() {
        reactor.assertInThread();
    }

    @Override
    public void resumeProducing() {
        reactor.assertInThread();
    }

    @Override
    public void stopProducing() {
        reactor.assertInThread();
    }

    @Override
    public void drainAvailable() {
        reactor.assertInThread();
    }

    @Override
    public void signalProcess(Signal signal) throws IOException {
        signalProcess(signal.number());
    }

    @Override
    public void signalProcess(int number) throws IOException {
        reactor.assertInThread();
        reactor.trace(() -> "signal " + number + " to " + this);
        if (lifecycle.exitReason().isPresent()) {
            throw new ProcessExitedAlreadyException(this + " has ended: signal " + number + " not sent");
        }
        target.signal(number);
    }

    /** To the program and its descendants one by one: its group is that of the terminal's shell, too. */
    @Override
    public void signalGroup(Signal signal) throws IOException {
        reactor.assertInThread();
        reactor.trace(() -> signal + " to the group of " + this);
        if (!target.signalTree(signal)) {
            throw new ProcessExitedAlreadyException("nobody of " + this + " is alive: " + signal + " not sent");
        }
    }

    @Override
    public void signalTree(Signal signal) throws IOException {
        reactor.assertInThread();
        reactor.trace(() -> signal + " to the tree of " + this);
        target.signalTree(signal);
    }

    @Override
    public void signalDescendant(long pid, Signal signal) throws IOException {
        reactor.assertInThread();
        reactor.trace(() -> signal + " to " + pid + " of the tree of " + this);
        target.signalDescendant(pid, signal);
    }

    @Override
    public List<ProcessInfo> tree() {
        reactor.assertInThread();
        return target.tree();
    }

    @Override
    public List<ProcessInfo> holdersOfPipes() {
        reactor.assertInThread();
        return List.of();
    }

    @Override
    public void resize(WindowSize size) {
        reactor.assertInThread();
        throw new UnsupportedCapabilityException(
                LinuxBackend.NAME, Capability.PTY, this + " runs in a terminal that is somebody else's");
    }

    /** Processor time and memory are known while it lives only: its parent alone learns the sums. */
    @Override
    public ResourceUsage usage() {
        reactor.assertInThread();
        return target.usage();
    }

    @Override
    public Optional<ExitReason> exitReason() {
        reactor.assertInThread();
        return lifecycle.exitReason();
    }

    @Override
    public void release() {
        reactor.assertInThread();
        run.release();
    }

    @Override
    public Optional<Long> detach() {
        reactor.assertInThread();
        run.release();
        run.detached();
        silence();
        return Optional.empty();
    }

    @Override
    public String toString() {
        return command + " (pid " + pid() + ", " + lifecycle.state() + ")";
    }
}
