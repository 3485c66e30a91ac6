package dev.gantry.adapter.config;

import dev.gantry.launcher.Signal;
import java.time.Duration;

/**
 * One step of the stop ladder.
 *
 * @param signal what is sent
 * @param patience how long the target then has to end before the next step; zero for the last one, KILL
 */
public record StopStep(Signal signal, Duration patience) {}
