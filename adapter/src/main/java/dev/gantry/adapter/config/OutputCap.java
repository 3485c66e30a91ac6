package dev.gantry.adapter.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How much output is shown.
 *
 * @param bytes of stdout and stderr together; what comes after them goes to a file
 * @param file that file, absolute; empty if one is to be made where temporary files go
 */
public record OutputCap(long bytes, Optional<Path> file) {}
