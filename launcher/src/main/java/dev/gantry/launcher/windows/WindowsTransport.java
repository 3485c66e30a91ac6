package dev.gantry.launcher.windows;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ResourceUsage;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.WindowSize;
import dev.gantry.launcher.engine.ChannelTransport;
import dev.gantry.launcher.engine.ChildChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process started by a {@link WindowsReactor}. Confined to its thread; ended by the process, its user or the reactor's end. */
final class WindowsTransport extends ChannelTransport<ChildChannel> {
    /** How long a program may take to get its console. */
    private static final Duration STARTING = Duration.ofSeconds(2);

    private static final Duration ASK_AGAIN = Duration.ofMillis(20);

    private final WindowsReactor reactor;
    private final WindowsChild child;
    private final EndRequests requests;
    private ProcessExits.@Nullable Wait wait;

    /** Takes over our ends of the pipes. */
    WindowsTransport(
            WindowsReactor reactor,
            ProcessProtocol protocol,
            WindowsChild child,
            String command,
            StandardHandles handles) {
        super(reactor.loop(), protocol, command, child.pid(), handles.pipes());
        this.reactor = reactor;
        this.child = child;
        this.requests = new EndRequests(Consoles.system(), Windows::askToClose);
        for (int childFd : handles.pipes()) {
            long pipe = handles.takeOurs(childFd);
            add(
                    childFd == 0
                            ? new InputPipe(childFd, pipe, reactor.port(), reactor.loop(), name(), this)
                            : new OutputPipe(
                                    childFd, pipe, reactor.port(), reactor.buffers(), reactor.loop(), name(), this));
        }
    }

    /**
     * Tells the protocol; data and the exit come with later turns of the loop.
     *
     * @throws SystemCallException if the system does not wait for its end; then nothing was told
     */
    void begin(ProcessExits exits) throws SystemCallException {
        wait = exits.await(child.process(), this::reap);
        beginReading();
    }

    private void reap() {
        stopWaiting();
        exited(child.reap());
    }

    @Override
    protected void ended() {
        reactor.closeIfOver(this);
    }

    WindowsChild child() {
        return child;
    }

    void stopWaiting() {
        ProcessExits.Wait current = wait;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void lost(ChildChannel channel, String why) {
        reactor.trace(() -> "descriptor " + channel.childFd() + " of " + this + " is closed: " + why);
        super.lost(channel, why);
    }

    @Override
    public void signalProcess(Signal signal) throws IOException {
        loop().assertInLoop();
        EndRequests.refuseOthers(signal);
        reactor.trace(() -> signal.sigName() + " to " + this);
        if (child.hasExited() || (signal == Signal.KILL && !child.terminate(EndRequests.killedCode()))) {
            throw new ProcessExitedAlreadyException(this + " has exited");
        }
        if (signal != Signal.KILL) {
            ask(signal, requests.request(signal, child));
        }
    }

    @Override
    public void signalProcess(int number) throws IOException {
        signalProcess(Signal.numbered(number)
                .orElseThrow(() -> new IllegalArgumentException("no signal has the number " + number)));
    }

    @Override
    public void signalGroup(Signal signal) {
        loop().assertInLoop();
        throw WindowsBackend.lacks(Capability.PROCESS_GROUP, "signalling a group");
    }

    @Override
    public void signalTree(Signal signal) throws IOException {
        loop().assertInLoop();
        EndRequests.refuseOthers(signal);
        reactor.trace(() -> signal.sigName() + " to the tree of " + this);
        if (signal == Signal.KILL) {
            child.job().terminate(EndRequests.killedCode());
        } else {
            ask(signal, requests.request(signal, child.job()));
        }
    }

    @Override
    public void signalDescendant(long pid, Signal signal) {
        loop().assertInLoop();
        throw WindowsBackend.lacks(Capability.ALL_SIGNALS, "signalling a single descendant");
    }

    /**
     * A program that was just started has its console, or its window, some milliseconds later: it is asked then. As are those whose
     * console is another's, one after the other.
     */
    private void ask(Signal signal, EndRequests.Request request) throws IOException {
        EndRequests.Progress progress;
        try {
            progress = request.goOn();
        } finally {
            reactor.settleConsoles();
        }
        if (progress == EndRequests.Progress.ASKED || (progress == EndRequests.Progress.NOBODY && child.hasExited())) {
            return;
        }
        if (progress == EndRequests.Progress.NOBODY && child.age().compareTo(STARTING) > 0) {
            throw new IOException(this + " has no console" + (signal == Signal.TERM ? ", and no window" : "")
                    + ": it cannot be asked to end, only ended by SIGKILL");
        }
        loop().callLater(ASK_AGAIN, () -> {
            try {
                ask(signal, request);
            } catch (IOException refused) {
                reactor.trace(() -> signal.sigName() + " to " + this + " failed: " + refused.getMessage());
            }
        });
    }

    @Override
    public List<ProcessInfo> tree() {
        loop().assertInLoop();
        return child.tree();
    }

    /** Those of the tree that outlive the process: Windows does not tell who has a handle. */
    @Override
    public List<ProcessInfo> holdersOfPipes() {
        loop().assertInLoop();
        return channels().stream().anyMatch(ChildChannel::isOpen) ? child.tree() : List.of();
    }

    @Override
    public void resize(WindowSize size) {
        loop().assertInLoop();
        throw WindowsBackend.lacks(Capability.PTY, "a window size");
    }

    @Override
    public ResourceUsage usage() {
        loop().assertInLoop();
        return child.usage();
    }

    @Override
    public void release() {
        loop().assertInLoop();
        reactor.release(this);
    }

    @Override
    public Optional<Long> detach() {
        loop().assertInLoop();
        throw WindowsBackend.lacks(Capability.DETACH, "letting a process live on");
    }
}
