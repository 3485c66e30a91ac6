package dev.gantry.adapter.cli;

import java.util.List;
import java.util.OptionalInt;

/**
 * What {@code gantry run} was asked to show of the program while it runs.
 *
 * @param breakpoints at least one
 * @param stops after how many stops it runs through, if ever
 */
record DebugRequest(List<Breakpoint> breakpoints, OptionalInt stops) {
    DebugRequest {
        breakpoints = List.copyOf(breakpoints);
    }
}
