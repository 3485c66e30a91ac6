package dev.gantry.launcher.linux;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.NoSuchChildFdException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A process started by a {@link LinuxReactor}. Confined to its thread; its descriptors are closed by the child, by its user or by
 * the reactor's end.
 */
final class LinuxTransport implements ProcessTransport, Channel.Listener {
    private final LinuxReactor reactor;
    private final LinuxChild child;
    private final String command;
    private final ProcessLifecycle lifecycle;
    private final SortedMap<Integer, Channel> channels = new TreeMap<>();

    LinuxTransport(
            LinuxReactor reactor,
            ProcessProtocol protocol,
            LinuxChild child,
            String command,
            List<Plumbing.OurEnd> ends) {
        this.reactor = reactor;
        this.child = child;
        this.command = command;
        String name = command + " (" + child.pid() + ")";
        this.lifecycle = new ProcessLifecycle(
                protocol,
                reactor.loop(),
                ends.stream().map(Plumbing.OurEnd::childFd).toList(),
                name,
                () -> reactor.ended(this));
        for (Plumbing.OurEnd end : ends) {
            channels.put(
                    end.childFd(), new Channel(end, reactor.epoll(), reactor.buffers(), reactor.loop(), name, this));
        }
    }

    /**
     * Tells the protocol; data and the exit come with later turns of the loop.
     *
     * @throws IllegalStateException if the kernel refuses to watch its descriptors; then nothing was told
     */
    void begin() {
        child.whenReaped(this::reaped);
        if (child.isGuarded()) {
            // The names are told to the keeper when the descriptors are closed, and are known only while they are open.
            channels.values().forEach(Channel::link);
        }
        channels.values().forEach(channel -> channel.setReading(true));
        lifecycle.connectionMade(this);
    }

    LinuxChild child() {
        return child;
    }

    /** Our end of its standard input, while that is open. */
    OptionalInt inputFd() {
        return input().filter(Channel::isOpen)
                .map(Channel::fd)
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    /** The reactor ends: closes everything and tells nobody. */
    void abandon() {
        lifecycle.detached();
        channels.values().forEach(Channel::release);
    }

    /** The start failed in its last step: as if there had been none. */
    void destroy() {
        abandon();
        child.destroy();
    }

    private void reaped(ExitReason reason) {
        if (!reason.isKnown()) {
            reactor.trace(
                    () -> "somebody else in this program has waited for " + this + ": nobody can tell how it ended");
        }
        lifecycle.exited(reason);
        List.copyOf(channels.values()).forEach(Channel::processGone);
        reactor.reaped(this);
    }

    @Override
    public void received(Channel channel, ByteBuffer data) {
        lifecycle.dataReceived(channel.childFd(), data);
    }

    @Override
    public void lost(Channel channel, String why) {
        reactor.trace(() -> "descriptor " + channel.childFd() + " of " + this + " is closed: " + why);
        if (child.isGuarded()) {
            reactor.keeper().closed(child.id(), channel.link());
        }
        lifecycle.connectionLost(channel.childFd());
    }

    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public State state() {
        reactor.assertInThread();
        return lifecycle.state();
    }

    @Override
    public void write(ByteBuffer data) {
        reactor.assertInThread();
        input().ifPresent(channel -> channel.output().write(data));
    }

    @Override
    public void writeToChild(int childFd, ByteBuffer data) {
        reactor.assertInThread();
        written(childFd)
                .orElseThrow(() -> new NoSuchChildFdException(
                        "descriptor " + childFd + " of " + this + " is not mapped for writing"))
                .output()
                .write(data);
    }

    @Override
    public void registerProducer(Producer producer, boolean streaming) {
        reactor.assertInThread();
        Optional<Channel> input = input();
        if (input.isPresent()) {
            input.get().output().registerProducer(producer, streaming);
        } else {
            reactor.loop().guarded("stopProducing for " + this, producer::stopProducing);
        }
    }

    @Override
    public void unregisterProducer() {
        reactor.assertInThread();
        input().ifPresent(channel -> channel.output().unregisterProducer());
    }

    @Override
    public long queuedBytes() {
        reactor.assertInThread();
        return input().map(channel -> channel.output().queuedBytes()).orElse(0L);
    }

    @Override
    public void closeChildFd(int childFd) {
        reactor.assertInThread();
        if (!close(childFd)) {
            throw new NoSuchChildFdException("descriptor " + childFd + " of " + this + " never was a pipe to us");
        }
    }

    @Override
    public void closeStdin() {
        reactor.assertInThread();
        close(0);
    }

    @Override
    public void closeStdout() {
        reactor.assertInThread();
        close(1);
    }

    @Override
    public void closeStderr() {
        reactor.assertInThread();
        close(2);
    }

    @Override
    public void loseConnection() {
        reactor.assertInThread();
        List.copyOf(channels.values()).forEach(Channel::close);
    }

    @Override
    public void abortConnection() {
        reactor.assertInThread();
        List.copyOf(channels.values()).forEach(channel -> channel.abort("aborted"));
    }

    @Override
    public void pauseProducing() {
        setPaused(true);
    }

    @Override
    public void resumeProducing() {
        setPaused(false);
    }

    @Override
    public void stopProducing() {
        loseConnection();
    }

    private void setPaused(boolean on) {
        reactor.assertInThread();
        channels.values().forEach(channel -> channel.setReading(!on));
    }

    @Override
    public void drainAvailable() {
        reactor.assertInThread();
        List.copyOf(channels.values()).forEach(Channel::drain);
    }

    @Override
    public void signalProcess(Signal signal) throws IOException {
        signalProcess(signal.number());
    }

    @Override
    public void signalProcess(int number) throws IOException {
        reactor.assertInThread();
        reactor.trace(() -> "signal " + number + " to " + this);
        child.signal(number);
    }

    @Override
    public void signalGroup(Signal signal) throws IOException {
        reactor.assertInThread();
        reactor.trace(() -> signal + " to the group of " + this);
        child.signalGroup(
                signal.number(),
                () -> reactor.capabilities().contains(Capability.PROCESS_TREE)
                        ? reactor.keeper().tree(child.id())
                        : List.of());
    }

    @Override
    public void signalTree(Signal signal) throws IOException {
        reactor.assertInThread();
        reactor.trace(() -> signal + " to the tree of " + this);
        reactor.keeper().signalTree(child.id(), signal);
    }

    @Override
    public List<ProcessInfo> tree() {
        reactor.assertInThread();
        return reactor.keeper().tree(child.id());
    }

    @Override
    public List<ProcessInfo> holdersOfPipes() {
        reactor.assertInThread();
        List<String> links = channels.values().stream()
                .filter(Channel::isOpen)
                .map(Channel::link)
                .toList();
        return links.isEmpty() ? List.of() : reactor.keeper().holders(links);
    }

    @Override
    public void resize(WindowSize size) throws IOException {
        reactor.assertInThread();
        Channel terminal = terminal()
                .orElseThrow(() -> new UnsupportedCapabilityException(
                        LinuxBackend.NAME, Capability.PTY, this + " was started without a pseudo-terminal"));
        if (terminal.isOpen()) {
            Descriptors.setWindowSize(terminal.fd(), size);
        }
    }

    @Override
    public ResourceUsage usage() {
        reactor.assertInThread();
        return child.usage();
    }

    @Override
    public Optional<ExitReason> exitReason() {
        reactor.assertInThread();
        return lifecycle.exitReason();
    }

    @Override
    public void release() {
        reactor.assertInThread();
        child.unguard();
        reactor.keeper().release(child.id());
    }

    @Override
    public Optional<Long> detach() throws IOException {
        reactor.assertInThread();
        List<Integer> reads = openFds(Channel::isReadable);
        List<Integer> writes = openFds(channel -> !channel.isReadable());
        Optional<Long> drainer = reactor.keeper().drain(child.id(), reads, writes);
        try {
            child.unguard();
            reactor.keeper().release(child.id());
        } finally {
            // The drainer reads now, and what we share with it blocks.
            abandon();
        }
        return drainer;
    }

    @Override
    public String toString() {
        return command + " (pid " + child.pid() + ", " + lifecycle.state() + ")";
    }

    private List<Integer> openFds(Predicate<Channel> which) {
        List<Integer> fds = new ArrayList<>();
        for (Channel channel : channels.values()) {
            if (channel.isOpen() && which.test(channel)) {
                fds.add(channel.fd());
            }
        }
        return fds;
    }

    private Optional<Channel> terminal() {
        return channels.values().stream().filter(Channel::isTerminal).findFirst();
    }

    private Optional<Channel> input() {
        return written(0);
    }

    /** What a descriptor of the child reads from: a channel of its own, or the terminal. */
    private Optional<Channel> written(int childFd) {
        Channel channel = channels.get(childFd);
        if (channel == null && child.isTerminalFd(childFd)) {
            return terminal();
        }
        return Optional.ofNullable(channel).filter(Channel::isWritable);
    }

    /** False if there is no such channel. */
    private boolean close(int childFd) {
        Channel channel = channels.get(childFd);
        if (channel != null && !(channel.isTerminal() && childFd == 0)) {
            channel.close();
            return true;
        }
        if (childFd == 0 && child.isTerminalFd(0)) {
            terminal().filter(Channel::isOpen).ifPresent(TerminalInput::writeEndOfFile);
            return true;
        }
        return false;
    }
}
