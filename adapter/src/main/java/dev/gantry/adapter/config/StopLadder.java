package dev.gantry.adapter.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.gantry.launcher.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code stopLadder}: the given steps, or the default of the runtime; KILL at the end in any case. */
final class StopLadder {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PYTHON_PATIENCE = Duration.ofMillis(1500);
    private static final StopStep LAST = new StopStep(Signal.KILL, Duration.ZERO);

    private StopLadder() {}

    static List<StopStep> read(Arguments arguments, TargetRuntime runtime, Platform platform) {
        if (!(arguments.get("stopLadder") instanceof JsonArray array)) {
            return runtime == TargetRuntime.PYTHON
                    ? List.of(
                            new StopStep(Signal.INT, PYTHON_PATIENCE), new StopStep(Signal.TERM, PYTHON_PATIENCE), LAST)
                    : List.of(new StopStep(Signal.TERM, PATIENCE), LAST);
        }
        List<StopStep> steps = new ArrayList<>(array.size() + 1);
        for (int i = 0; i < array.size(); i++) {
            String place = "stopLadder[" + i + "]";
            Optional<StopStep> step = step(arguments, place, array.get(i), platform);
            if (step.isPresent() && step.get().signal() != Signal.KILL) {
                steps.add(step.get());
            } else if (step.isPresent() && i < array.size() - 1) {
                arguments.fault(
                        "stopLadder",
                        "'" + place + "' is SIGKILL, which ends the ladder; it can only be the last step");
            }
        }
        steps.add(LAST);
        return steps;
    }

    private static Optional<StopStep> step(Arguments arguments, String place, JsonElement value, Platform platform) {
        if (value instanceof JsonObject object) {
            JsonElement signal = object.get("signal");
            JsonElement wait = object.get("wait");
            boolean known = object.size() == (wait == null ? 1 : 2);
            if (known && signal != null && JsonType.of(signal) == JsonType.STRING) {
                Optional<Duration> patience = wait == null ? Optional.of(PATIENCE) : Quantities.seconds(wait);
                return step(arguments, place, value, signal.getAsString(), patience, platform);
            }
        } else if (value instanceof JsonPrimitive text && text.isString()) {
            String written = text.getAsString();
            int colon = written.indexOf(':');
            return colon < 0
                    ? step(arguments, place, value, written, Optional.of(PATIENCE), platform)
                    : step(
                            arguments,
                            place,
                            value,
                            written.substring(0, colon),
                            Quantities.seconds(written.substring(colon + 1)),
                            platform);
        }
        arguments.wrong("stopLadder", place, value);
        return Optional.empty();
    }

    private static Optional<StopStep> step(
            Arguments arguments,
            String place,
            JsonElement written,
            String signal,
            Optional<Duration> patience,
            Platform platform) {
        if (patience.isEmpty()) {
            arguments.fault(
                    "stopLadder",
                    "'" + place + "' waits for no number of seconds from 0 to 86400: " + JsonType.describe(written));
            return Optional.empty();
        }
        try {
            return Optional.of(new StopStep(Signal.named(signal), patience.get()));
        } catch (IllegalArgumentException e) {
            arguments.fault(
                    "stopLadder",
                    "'" + place + "': "
                            + (platform == Platform.WINDOWS
                                    ? "no signal is named '" + signal + "'; there are SIGINT, SIGTERM and SIGKILL"
                                    : e.getMessage()));
            return Optional.empty();
        }
    }
}
