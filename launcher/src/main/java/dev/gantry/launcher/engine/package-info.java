/**
 * What every platform shares: the event loop with its timers, the buffer towards a child, the order of a process's callbacks.
 * No system calls.
 *
 * <p>A backend supplies a {@link dev.gantry.launcher.engine.Poller}: one that asks the system for events (epoll, a completion
 * port), or {@link dev.gantry.launcher.engine.ParkingPoller}, where other threads post what happened.
 */
@NullMarked
package dev.gantry.launcher.engine;

import org.jspecify.annotations.NullMarked;
