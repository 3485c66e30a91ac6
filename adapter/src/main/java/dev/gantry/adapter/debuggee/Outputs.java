package dev.gantry.adapter.debuggee;

/**
 * The sinks of one run of a target: made anew for each, since what a decoder holds back belongs to one run.
 *
 * @param stdout of descriptor 1, and of a pseudo-terminal
 * @param stderr of descriptor 2
 */
public record Outputs(OutputSink stdout, OutputSink stderr) {}
