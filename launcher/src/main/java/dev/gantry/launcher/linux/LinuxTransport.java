package dev.gantry.launcher.linux;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ResourceUsage;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.UnsupportedCapabilityException;
import dev.gantry.launcher.WindowSize;
import dev.gantry.launcher.engine.ChannelTransport;
import dev.gantry.launcher.engine.ChildChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * A process started by a {@link LinuxReactor}. Confined to its thread; its descriptors are closed by the child, by its user or by
 * the reactor's end.
 */
final class LinuxTransport extends ChannelTransport<Channel> {
    private final LinuxReactor reactor;
    private final LinuxChild child;

    LinuxTransport(
            LinuxReactor reactor,
            ProcessProtocol protocol,
            LinuxChild child,
            String command,
            List<Plumbing.OurEnd> ends) {
        super(reactor.loop(), protocol, command, child.pid(), childFds(ends));
        this.reactor = reactor;
        this.child = child;
        for (Plumbing.OurEnd end : ends) {
            add(new Channel(end, reactor.epoll(), reactor.buffers(), reactor.loop(), name(), this));
        }
    }

    private static List<Integer> childFds(List<Plumbing.OurEnd> ends) {
        List<Integer> fds = new ArrayList<>();
        ends.forEach(end -> fds.add(end.childFd()));
        return fds;
    }

    @Override
    protected void ended() {
        reactor.ended(this);
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
            channels().forEach(Channel::link);
        }
        beginReading();
    }

    LinuxChild child() {
        return child;
    }

    /** Our end of its standard input, while that is open. */
    OptionalInt inputFd() {
        return written(0)
                .filter(Channel::isOpen)
                .map(Channel::fd)
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
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
        exited(reason);
        reactor.reaped(this);
    }

    @Override
    public void lost(ChildChannel lost, String why) {
        reactor.trace(() -> "descriptor " + lost.childFd() + " of " + this + " is closed: " + why);
        if (child.isGuarded()) {
            channel(lost.childFd()).ifPresent(channel -> reactor.keeper().closed(child.id(), channel.link()));
        }
        super.lost(lost, why);
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
    public void signalDescendant(long pid, Signal signal) throws IOException {
        reactor.assertInThread();
        reactor.trace(() -> signal + " to " + pid + " of the tree of " + this);
        reactor.keeper().signalDescendant(child.id(), pid, signal);
    }

    @Override
    public List<ProcessInfo> tree() {
        reactor.assertInThread();
        return reactor.keeper().tree(child.id());
    }

    @Override
    public List<ProcessInfo> holdersOfPipes() {
        reactor.assertInThread();
        List<String> links =
                channels().stream().filter(Channel::isOpen).map(Channel::link).toList();
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

    private List<Integer> openFds(Predicate<Channel> which) {
        List<Integer> fds = new ArrayList<>();
        for (Channel channel : channels()) {
            if (channel.isOpen() && which.test(channel)) {
                fds.add(channel.fd());
            }
        }
        return fds;
    }

    private Optional<Channel> terminal() {
        return channels().stream().filter(Channel::isTerminal).findFirst();
    }

    /** A channel of its own, or the terminal. */
    @Override
    protected Optional<Channel> written(int childFd) {
        return channel(childFd).isEmpty() && child.isTerminalFd(childFd) ? terminal() : super.written(childFd);
    }

    @Override
    protected boolean close(int childFd) {
        if (childFd == 0 && child.isTerminalFd(0)) {
            terminal().filter(Channel::isOpen).ifPresent(TerminalInput::writeEndOfFile);
            return true;
        }
        return super.close(childFd);
    }
}
