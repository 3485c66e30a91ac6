/**
 * Processes on Linux: posix_spawn, epoll, pidfd, pty. The only Linux code; libc through JNA's direct mapping.
 *
 * <p>{@link dev.gantry.launcher.linux.LinuxBackend} is the way in. What looks at other processes (their tree, who holds a pipe)
 * and what must outlive us (the guardian, a drainer) is behind {@code TreeKeeper}.
 */
@NullMarked
package dev.gantry.launcher.linux;

import org.jspecify.annotations.NullMarked;
