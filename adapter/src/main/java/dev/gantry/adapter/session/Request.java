package dev.gantry.adapter.session;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request with typed access to its arguments. A wrong type is a {@link BadRequestException} that names the argument; JSON's null
 * counts as absent.
 */
record Request(int seq, String command, JsonObject arguments) {
    Optional<String> string(String name) {
        Optional<JsonElement> value = value(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isJsonPrimitive() || !value.get().getAsJsonPrimitive().isString()) {
            throw wrong(name, "a string", value.get());
        }
        return Optional.of(value.get().getAsString());
    }

    String requiredString(String name) {
        return string(name).orElseThrow(() -> missing(name));
    }

    /** For requests that are not refused for it: a wrong type counts as absent. */
    Optional<Boolean> bool(String name) {
        return value(name)
                .filter(JsonElement::isJsonPrimitive)
                .map(JsonElement::getAsJsonPrimitive)
                .filter(JsonPrimitive::isBoolean)
                .map(JsonPrimitive::getAsBoolean);
    }

    OptionalInt integer(String name) {
        Optional<JsonElement> value = value(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (value.get().isJsonPrimitive() && value.get().getAsJsonPrimitive().isNumber()) {
            Optional<Integer> exact = exactInt(value.get().getAsString());
            if (exact.isPresent()) {
                return OptionalInt.of(exact.get());
            }
        }
        throw wrong(name, "a whole number", value.get());
    }

    int requiredInteger(String name) {
        return integer(name).orElseThrow(() -> missing(name));
    }

    /** An argument of any type. */
    JsonElement required(String name) {
        return value(name).orElseThrow(() -> missing(name));
    }

    Optional<JsonObject> object(String name) {
        Optional<JsonElement> value = value(name);
        if (value.isPresent() && !value.get().isJsonObject()) {
            throw wrong(name, "an object", value.get());
        }
        return value.map(JsonElement::getAsJsonObject);
    }

    /** Refuses a thread that there is not. An absent one means the only one; 0 too, which some clients send before they know. */
    void checkThread() {
        int id = integer("threadId").orElse(Run.THREAD_ID);
        if (id != Run.THREAD_ID && id != 0) {
            throw new BadRequestException(Failures.noSuchThread(id));
        }
    }

    /** How many elements an array has; 0 if absent. */
    int arraySize(String name) {
        Optional<JsonElement> value = value(name);
        if (value.isPresent() && !value.get().isJsonArray()) {
            throw wrong(name, "an array", value.get());
        }
        return value.map(array -> array.getAsJsonArray().size()).orElse(0);
    }

    BadRequestException wrong(String name, String allowed, JsonElement got) {
        return new BadRequestException(Failures.wrongArgument(command, name, allowed, got.toString()));
    }

    private BadRequestException missing(String name) {
        return new BadRequestException(Failures.missingArgument(command, name));
    }

    private Optional<JsonElement> value(String name) {
        return Optional.ofNullable(arguments.get(name)).filter(value -> !value.isJsonNull());
    }

    private static Optional<Integer> exactInt(String number) {
        // A number such as 1e999999999 would take its digits to expand: no request has one.
        if (number.length() > 20) {
            return Optional.empty();
        }
        try {
            BigDecimal value = new BigDecimal(number);
            return Math.abs(value.scale()) > 20 ? Optional.empty() : Optional.of(value.intValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
