package dev.gantry.adapter.config;

import com.google.gson.JsonElement;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Numbers with a unit: seconds, bytes, counts. Empty where the value is not one, or out of range. */
final class Quantities {
    private static final double LONGEST_SECONDS = 86_400;
    private static final double NANOS = 1e9;
    private static final String[] UNITS = {"KB", "MB", "GB", "KIB", "MIB", "GIB", "B"};
    private static final long[] SIZES = {1_000, 1_000_000, 1_000_000_000, 1L << 10, 1L << 20, 1L << 30, 1};

    private Quantities() {}

    static OptionalInt whole(JsonElement value, int least, int most) {
        if (JsonType.of(value) != JsonType.NUMBER) {
            return OptionalInt.empty();
        }
        double number = value.getAsDouble();
        boolean fits = number >= least && number <= most && number == Math.rint(number);
        return fits ? OptionalInt.of((int) number) : OptionalInt.empty();
    }

    static Optional<Duration> seconds(JsonElement value) {
        return JsonType.of(value) == JsonType.NUMBER ? seconds(value.getAsDouble()) : Optional.empty();
    }

    /** "1.5" or "1.5s". */
    static Optional<Duration> seconds(String text) {
        String bare = text.strip();
        bare = bare.endsWith("s") ? bare.substring(0, bare.length() - 1).stripTrailing() : bare;
        return isDecimal(bare) ? seconds(Double.parseDouble(bare)) : Optional.empty();
    }

    private static Optional<Duration> seconds(double seconds) {
        return seconds >= 0 && seconds <= LONGEST_SECONDS
                ? Optional.of(Duration.ofNanos(Math.round(seconds * NANOS)))
                : Optional.empty();
    }

    /** 1048576, "1048576", "1.5MB", "1 MiB". */
    static OptionalLong bytes(JsonElement value) {
        return switch (JsonType.of(value)) {
            case NUMBER -> bytes(value.getAsDouble(), 1, true);
            case STRING -> bytes(value.getAsString());
            default -> OptionalLong.empty();
        };
    }

    private static OptionalLong bytes(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        long unit = 1;
        for (int i = 0; i < UNITS.length; i++) {
            if (upper.endsWith(UNITS[i])) {
                unit = SIZES[i];
                upper = upper.substring(0, upper.length() - UNITS[i].length()).stripTrailing();
                break;
            }
        }
        return isDecimal(upper) ? bytes(Double.parseDouble(upper), unit, unit == 1) : OptionalLong.empty();
    }

    private static OptionalLong bytes(double number, long unit, boolean whole) {
        double bytes = number * unit;
        boolean fits = bytes >= 0 && (!whole || number == Math.rint(number));
        return fits ? OptionalLong.of((long) bytes) : OptionalLong.empty();
    }

    private static boolean isDecimal(String text) {
        boolean digit = false;
        boolean point = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && !point) {
                point = true;
            } else if (c >= '0' && c <= '9') {
                digit = true;
            } else {
                return false;
            }
        }
        return digit;
    }
}
