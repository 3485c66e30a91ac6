package dev.gantry.adapter.model;

/**
 * A directory that the client and the target know by different paths.
 *
 * @param local the client's, absolute
 * @param remote the target's, absolute
 */
public record PathMapping(String local, String remote) {}
