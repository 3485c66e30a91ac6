package dev.gantry.launcher.linux;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One terminal launch from its preparation to the end of the program: hears what the shell tells and passes it on. Confined to
 * the reactor's thread. Owns the directory and the target; closes them at the end, when it is cancelled or detached, or with its
 * {@link TerminalLauncher}.
 */
final class TerminalRun implements TerminalLaunch {
    /** More than a shell has to tell. */
    private static final int REPORT_BYTES = 1024;

    private final TerminalLauncher launcher;
    private final LinuxReactor reactor;
    private final ProcessProtocol protocol;
    private final SpawnRequest request;
    private final TerminalDirectory directory;
    private final Guardian.Folder folder;
    private final List<String> command;
    private final String program;
    private final ShimChannel channel = new ShimChannel();
    private final Epoll.Watch watch;
    /** Empty while the terminal has not run the command. */
    private Optional<TerminalTransport> started = Optional.empty();

    private boolean released;
    private boolean shellLost;
    private boolean over;
    private Optional<SpawnException> failure = Optional.empty();
    private @Nullable Consumer<SpawnException> failureListener;

    TerminalRun(
            TerminalLauncher launcher,
            LinuxReactor reactor,
            ProcessProtocol protocol,
            SpawnRequest request,
            TerminalDirectory directory) {
        this.launcher = launcher;
        this.reactor = reactor;
        this.protocol = protocol;
        this.request = request;
        this.directory = directory;
        this.folder = launcher.keeper().waiting(directory.path());
        this.command = TerminalScript.command(directory.path());
        this.program = request.command().get(0);
        this.watch = reactor.epoll()
                .watch(directory.report(), "the report of " + program + " in a terminal", events -> read());
        watch.want(Epoll.IN);
    }

    @Override
    public List<String> command() {
        return command;
    }

    @Override
    public void whenFailed(Consumer<SpawnException> listener) {
        reactor.assertInThread();
        failureListener = listener;
        failure.ifPresent(this::tell);
    }

    @Override
    public void cancel() {
        reactor.assertInThread();
        if (!over && started.isEmpty()) {
            launcher.trace("cancelled the start of " + program + " in a terminal");
            giveUp();
        }
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(REPORT_BYTES);
        while (!over && !channel.isOver()) {
            long count = Libc.read(directory.report(), Libc.address(buffer), REPORT_BYTES);
            if (count > 0) {
                channel.received(buffer.duplicate().position(0).limit((int) count))
                        .forEach(this::happened);
            } else if (count == 0) {
                channel.closed().forEach(this::happened);
            } else {
                // Nothing more at the moment, or a signal came in between: epoll tells.
                return;
            }
        }
    }

    private void happened(ShimEvent event) {
        launcher.trace("the shell of " + program + " in a terminal: " + event);
        if (over) {
            return;
        }
        if (event instanceof ShimEvent.Started hello) {
            begin(hello.process());
            return;
        }
        watch.cancel();
        if (started.isEmpty()) {
            fail(TerminalFailure.of(event, request));
            return;
        }
        TerminalTransport transport = started.get();
        if (event instanceof ShimEvent.Ended ended) {
            transport.exited(transport.target().exactReason().orElse(ended.reason()));
        } else if (event instanceof ShimEvent.Refused refused) {
            transport.exited(ExitReason.of(refused.code() << 8));
        } else {
            shellLost = true;
            directory.closeLeash();
            transport.target().whenDead(transport::exited);
        }
    }

    private void begin(ProcessId process) {
        TerminalTransport transport = new TerminalTransport(
                this,
                reactor,
                protocol,
                TerminalTarget.open(
                        launcher.keeper().inTerminal(process, request.guarded()),
                        reactor,
                        launcher.proc(),
                        launcher::trace),
                program);
        started = Optional.of(transport);
        if (!request.guarded()) {
            letLiveOn();
        }
        transport.begin();
    }

    private void fail(SpawnException exception) {
        giveUp();
        failure = Optional.of(exception);
        if (failureListener != null) {
            tell(exception);
        }
    }

    private void tell(SpawnException exception) {
        reactor.execute(() -> {
            Consumer<SpawnException> listener = failureListener;
            if (listener != null && failure.isPresent()) {
                failure = Optional.empty();
                reactor.loop().guarded("whenFailed of " + program, () -> listener.accept(exception));
            }
        });
    }

    /** Sees to it that nothing is started any more. */
    private void giveUp() {
        try {
            Optional<ProcessId> late = directory.revoke();
            if (late.isPresent()) {
                Family family = launcher.keeper().family(late.get());
                try (TerminalTarget target = TerminalTarget.open(family, reactor, launcher.proc(), launcher::trace)) {
                    target.signalTree(Signal.KILL);
                }
            }
        } catch (IOException | NumberFormatException e) {
            launcher.trace("giving up " + program + ": " + e.getMessage());
        }
        finish(true);
    }

    /** Lets the program live on when the leash is gone; its tree is of no interest any more. */
    void release() {
        releaseTree();
        letLiveOn();
    }

    private void releaseTree() {
        started.ifPresent(
                transport -> launcher.keeper().release(transport.target().id()));
    }

    private void letLiveOn() {
        if (!released && !over) {
            released = true;
            try {
                directory.release();
            } catch (SystemCallException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }

    /** The program has ended. */
    void ended() {
        finish(true);
    }

    /** The program lives on without us; the shell removes the directory. */
    void detached() {
        finish(shellLost);
    }

    /** The reactor ends: the first step for all launches, so that all programs die at the same time. */
    void letGo() {
        if (started.isEmpty()) {
            giveUp();
        } else {
            directory.closeLeash();
        }
    }

    /** The reactor ends: the second step. */
    void abandon(Duration limit) {
        started.ifPresent(transport -> {
            if (!released) {
                transport.target().awaitDeath(limit);
            }
            // The rest of the tree may still be ending: then the shell removes the directory after that.
            finish(shellLost);
            transport.silence();
        });
    }

    private void finish(boolean remove) {
        if (over) {
            return;
        }
        over = true;
        watch.cancel();
        directory.closeLeash();
        directory.closeReport();
        if (!request.guarded()) {
            releaseTree();
        }
        started.ifPresent(transport -> transport.target().close());
        launcher.ended(this);
        if (remove) {
            try {
                directory.remove();
            } catch (IOException e) {
                launcher.trace("cannot remove " + directory.path() + ": " + e.getMessage());
            }
        }
        launcher.keeper().over(folder);
    }
}
