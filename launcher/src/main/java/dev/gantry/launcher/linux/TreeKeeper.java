package dev.gantry.launcher.linux;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@link LinuxReactor} does not do itself: looking at processes other than its children through /proc, and keeping what
 * must act or live on when we are gone (the guardian, drainers, the shell of a terminal launch).
 *
 * <p>One for each reactor, made by {@link Factory}. All on the reactor's thread, but {@link #warmUp}; nothing may block for
 * long. Closed by the reactor.
 */
interface TreeKeeper {
    /** Makes the keeper of a reactor that is being opened; called before its loop runs. */
    interface Factory {
        /** What its keepers can do of PROCESS_TREE, GUARDIAN, DETACH and TERMINAL_LAUNCH. */
        Set<Capability> capabilities();

        TreeKeeper open(LinuxReactor reactor) throws IOException;
    }

    /**
     * How a process that does not exist yet will be known.
     *
     * @param links the child's ends of pipes, socket pairs and pty to us, as /proc/PID/fd shows them: "pipe:[123]",
     *     "socket:[124]", "/dev/pts/3"; may be empty
     * @param ownGroup whether it will lead a group of its own instead of joining ours
     * @param file what exec is given
     * @param command its arguments
     */
    record Expected(List<String> links, boolean ownGroup, String file, List<String> command) {}

    /** A guarded process that is about to be started. Exactly one of its methods is called, right after the attempt. */
    interface Intent {
        /** It runs; a zombie already, perhaps. */
        void started(ProcessId child);

        /** It was not started. */
        void failed();
    }

    /** Prepares what a first guarded spawn needs. On any thread; idempotent. */
    void warmUp();

    /**
     * Tells the guardian that a process is about to appear, so that it is found even if we are killed before {@link
     * Intent#started}. For guarded requests only.
     *
     * @throws IOException if the guardian cannot be reached: the spawn fails
     */
    Intent intend(Expected process) throws IOException;

    /**
     * A process that is not guarded was started: its orphans will come to us as well.
     *
     * @param ownGroup as {@link Expected#ownGroup}
     */
    void started(ProcessId child, boolean ownGroup);

    /**
     * A process that we did not start became a child of ours, the subreaper: most likely an orphan of our processes. The reactor reaps
     * it when it has ended, and says so by {@link #orphanReaped}.
     *
     * @param onlyOurs whether it can be of our processes alone: other code of this JVM had no children since before the last look
     */
    void adopted(ProcStat orphan, boolean onlyOurs);

    /** A process of {@link #adopted} is gone. */
    void orphanReaped(ProcessId orphan);

    /** Our end of this pipe, socket pair or pty is closed; for guarded processes. The name may be given to others now. */
    void closed(ProcessId child, String link);

    /** Guard this process and its descendants no longer; also called for processes that never were guarded. */
    void release(ProcessId child);

    /** A child was reaped. Its number means nothing any more; its descendants may live on. */
    void reaped(ProcessId child);

    /** Live processes of this child: itself first, then descendants and adopted orphans. */
    List<ProcessInfo> tree(ProcessId child);

    /** As {@link dev.gantry.launcher.ProcessTransport#signalTree}. */
    void signalTree(ProcessId child, Signal signal) throws IOException;

    /** As {@link dev.gantry.launcher.ProcessTransport#signalDescendant}. */
    void signalDescendant(ProcessId child, long pid, Signal signal) throws IOException;

    /** Live processes, other than ourselves, that hold one of these open; named as in {@link Expected#links}. */
    List<ProcessInfo> holders(Collection<String> links);

    /** A regular look: what it sees is known when its parent ends; what has died out is forgotten. */
    Look look();

    /** Whether looks should come often: something is guarded, or will be asked for though its orphans do not come to us. */
    boolean isBusy();

    /**
     * Starts a process of its own session that keeps these descriptors of ours open and reads those that can be read to their
     * end. Our copies are closed by the caller afterwards.
     *
     * @param child the process that lives on
     * @return its process id, empty if there are no descriptors
     */
    Optional<Long> drain(ProcessId child, List<Integer> readEnds, List<Integer> writeEnds) throws IOException;

    /** As {@link dev.gantry.launcher.Reactor#prepareTerminalLaunch}. */
    TerminalLaunch prepareTerminalLaunch(ProcessProtocol protocol, SpawnRequest request) throws IOException;

    /** Ends guarded trees and the guardian. Called as part of the reactor's closing, while descriptors are still open. */
    void close();

    /** The last call, after {@link #close} and when its victims are dead: who lives on is nobody's any more. */
    void letGo();
}
