/** The transport's contract as tests, written once and run over every backend. Start at {@code Row}. */
@NullMarked
package dev.gantry.launcher.contract;

import org.jspecify.annotations.NullMarked;
