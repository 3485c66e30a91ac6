package dev.gantry.launcher.engine;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.NoSuchChildFdException;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Producer;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A process whose descriptors are {@link ChildChannel}s: all of the contract but signals, the tree and what was used, which are the
 * platform's. Confined to the loop's thread.
 *
 * @param <C> the platform's channels
 */
public abstract class ChannelTransport<C extends ChildChannel> implements ProcessTransport, ChildChannel.Listener {
    private final EventLoop loop;
    private final String command;
    private final long pid;
    private final ProcessLifecycle lifecycle;
    private final SortedMap<Integer, C> channels = new TreeMap<>();

    /**
     * Without channels yet: {@link #add} them.
     *
     * @param command as it is shown: the program and its arguments
     * @param childFds the descriptors for which a channel will be added
     */
    protected ChannelTransport(
            EventLoop loop, ProcessProtocol protocol, String command, long pid, Collection<Integer> childFds) {
        this.loop = loop;
        this.command = command;
        this.pid = pid;
        this.lifecycle = new ProcessLifecycle(protocol, loop, childFds, name(), this::ended);
    }

    /** The last clean-up, right before processEnded, or when the process was detached. */
    protected void ended() {}

    /** "/bin/cat (1234)": for reports. */
    protected final String name() {
        return command + " (" + pid + ")";
    }

    protected final EventLoop loop() {
        return loop;
    }

    protected final ProcessLifecycle lifecycle() {
        return lifecycle;
    }

    protected final void add(C channel) {
        channels.put(channel.childFd(), channel);
    }

    /** A copy: a channel may end while one goes through them. */
    protected final List<C> channels() {
        return List.copyOf(channels.values());
    }

    protected final Optional<C> channel(int childFd) {
        return Optional.ofNullable(channels.get(childFd));
    }

    /** What a descriptor of the child reads from. */
    protected Optional<C> written(int childFd) {
        return channel(childFd).filter(ChildChannel::isWritable);
    }

    /** Closes a descriptor; false if there is no such channel. */
    protected boolean close(int childFd) {
        Optional<C> channel = channel(childFd);
        channel.ifPresent(ChildChannel::close);
        return channel.isPresent();
    }

    /** Begins to read, and tells the protocol of the start; data and the exit come with later turns of the loop. */
    protected final void beginReading() {
        channels().forEach(channel -> channel.setReading(true));
        lifecycle.connectionMade(this);
    }

    /** The process was reaped: tells the protocol, and the channels. */
    protected final void exited(ExitReason reason) {
        lifecycle.exited(reason);
        channels().forEach(ChildChannel::processGone);
    }

    /** Closes everything and tells nobody: the reactor ends, or the process was detached. */
    public final void abandon() {
        lifecycle.detached();
        channels().forEach(ChildChannel::release);
    }

    @Override
    public final void received(ChildChannel channel, ByteBuffer data) {
        lifecycle.dataReceived(channel.childFd(), data);
    }

    @Override
    public void lost(ChildChannel channel, String why) {
        lifecycle.connectionLost(channel.childFd());
    }

    @Override
    public final long pid() {
        return pid;
    }

    @Override
    public final State state() {
        loop.assertInLoop();
        return lifecycle.state();
    }

    @Override
    public final void write(ByteBuffer data) {
        loop.assertInLoop();
        written(0).ifPresent(channel -> channel.output().write(data));
    }

    @Override
    public final void writeToChild(int childFd, ByteBuffer data) {
        loop.assertInLoop();
        written(childFd)
                .orElseThrow(() -> new NoSuchChildFdException(
                        "descriptor " + childFd + " of " + this + " is not mapped for writing"))
                .output()
                .write(data);
    }

    @Override
    public final void registerProducer(Producer producer, boolean streaming) {
        loop.assertInLoop();
        Optional<C> input = written(0);
        if (input.isPresent()) {
            input.get().output().registerProducer(producer, streaming);
        } else {
            loop.guarded("stopProducing for " + this, producer::stopProducing);
        }
    }

    @Override
    public final void unregisterProducer() {
        loop.assertInLoop();
        written(0).ifPresent(channel -> channel.output().unregisterProducer());
    }

    @Override
    public final long queuedBytes() {
        loop.assertInLoop();
        return written(0).map(ChildChannel::queuedBytes).orElse(0L);
    }

    @Override
    public final void closeChildFd(int childFd) {
        loop.assertInLoop();
        if (!close(childFd)) {
            throw new NoSuchChildFdException("descriptor " + childFd + " of " + this + " never was a pipe to us");
        }
    }

    @Override
    public final void closeStdin() {
        loop.assertInLoop();
        close(0);
    }

    @Override
    public final void closeStdout() {
        loop.assertInLoop();
        close(1);
    }

    @Override
    public final void closeStderr() {
        loop.assertInLoop();
        close(2);
    }

    @Override
    public final void loseConnection() {
        loop.assertInLoop();
        channels().forEach(ChildChannel::close);
    }

    @Override
    public final void abortConnection() {
        loop.assertInLoop();
        channels().forEach(channel -> channel.abort("aborted"));
    }

    @Override
    public final void pauseProducing() {
        loop.assertInLoop();
        produced(channel -> channel.setReading(false));
    }

    @Override
    public final void resumeProducing() {
        loop.assertInLoop();
        produced(channel -> channel.setReading(true));
    }

    @Override
    public final void setReading(int childFd, boolean on) {
        loop.assertInLoop();
        channel(childFd)
                .filter(ChildChannel::isConversation)
                .orElseThrow(() -> new NoSuchChildFdException(
                        "descriptor " + childFd + " of " + this + " is not mapped for both ways"))
                .setReading(on);
    }

    private void produced(Consumer<C> what) {
        for (C channel : channels()) {
            if (!channel.isConversation()) {
                what.accept(channel);
            }
        }
    }

    @Override
    public final void stopProducing() {
        loseConnection();
    }

    @Override
    public final void drainAvailable() {
        loop.assertInLoop();
        channels().forEach(ChildChannel::drain);
    }

    @Override
    public final Optional<ExitReason> exitReason() {
        loop.assertInLoop();
        return lifecycle.exitReason();
    }

    @Override
    public final String toString() {
        return command + " (pid " + pid + ", " + lifecycle.state() + ")";
    }
}
