/** The contract of the process transport. Start at {@code Backends}. */
@NullMarked
package dev.gantry.launcher;

import org.jspecify.annotations.NullMarked;
