package dev.gantry.adapter.config;

/**
 * One fault of a launch configuration.
 *
 * @param attribute whose fault it is: "stopLadder", "env.PATH"
 * @param message one or two sentences that name the attribute, what came and what is allowed or to be done
 */
public record Problem(String attribute, String message) {}
