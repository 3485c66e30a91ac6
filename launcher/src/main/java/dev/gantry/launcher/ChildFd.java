package dev.gantry.launcher;

import java.nio.file.Path;

/** What a descriptor of the child is connected to. */
public sealed interface ChildFd {
    /** The child writes, we read: {@link ProcessProtocol#childDataReceived}. */
    record Read() implements ChildFd {}

    /** We write, the child reads: {@link ProcessTransport#writeToChild}. */
    record Write() implements ChildFd {}

    /**
     * Both ways: a socket pair. A child that ends its direction alone can still be written to; the descriptor is lost when both directions
     * have ended, or when we close it. It is read all the time: {@link ProcessTransport#pauseProducing()} holds output alone.
     */
    record ReadWrite() implements ChildFd {}

    /** The request's pseudo-terminal. */
    record Pty() implements ChildFd {}

    /** The null device. */
    record Null() implements ChildFd {}

    /** A file, opened by us before the start; relative to the child's working directory. */
    record File(Path path, Mode mode) implements ChildFd {
        /**
         * How the file is opened; both writing modes create it with 0666 less the umask. TRUNCATE empties it right before the program is
         * run: a start that fails earlier leaves it as it was, one whose program the system then refuses to run does not.
         */
        public enum Mode {
            READ,
            TRUNCATE,
            APPEND
        }
    }

    /** The same thing as another descriptor of the child. */
    record SameAs(int childFd) implements ChildFd {}

    /** Our own descriptor of the same number. */
    record Inherit() implements ChildFd {}

    static ChildFd read() {
        return new Read();
    }

    static ChildFd write() {
        return new Write();
    }

    static ChildFd readWrite() {
        return new ReadWrite();
    }

    static ChildFd pty() {
        return new Pty();
    }

    static ChildFd nullDevice() {
        return new Null();
    }

    static ChildFd readFrom(Path path) {
        return new File(path, File.Mode.READ);
    }

    static ChildFd writeTo(Path path) {
        return new File(path, File.Mode.TRUNCATE);
    }

    static ChildFd appendTo(Path path) {
        return new File(path, File.Mode.APPEND);
    }

    static ChildFd sameAs(int childFd) {
        return new SameAs(childFd);
    }

    static ChildFd inherit() {
        return new Inherit();
    }
}
