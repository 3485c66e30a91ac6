package dev.gantry.adapter.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code outputEncoding}, {@code outputCap} and {@code drainTimeout}. */
record OutputSettings(Charset charset, Optional<OutputCap> cap, Duration drainTimeout) {
    private static final Duration DRAIN = Duration.ofSeconds(2);

    static OutputSettings read(Arguments arguments, Path cwd) {
        return new OutputSettings(charset(arguments), cap(arguments, cwd), drain(arguments));
    }

    private static Charset charset(Arguments arguments) {
        Optional<String> name = arguments.text("outputEncoding");
        if (name.isEmpty()) {
            return StandardCharsets.UTF_8;
        }
        Optional<Charset> charset = Encodings.named(name.get());
        if (charset.isEmpty()) {
            arguments.fault(
                    "outputEncoding",
                    "'outputEncoding' is no encoding known here: \"" + name.get()
                            + "\"; allowed are names such as \"utf-8\", \"latin1\", \"cp1252\" or \"utf-16le\"");
            return StandardCharsets.UTF_8;
        }
        return usable(arguments, name.get(), charset.get());
    }

    /** Lines that are typed are encoded too, so what can only be read is of no use. */
    private static Charset usable(Arguments arguments, String name, Charset charset) {
        if (charset.canEncode() && !charset.newDecoder().isAutoDetecting()) {
            return charset;
        }
        arguments.fault(
                "outputEncoding",
                "'outputEncoding' cannot be \"" + name
                        + "\", which can be read but not written; name the encoding that the"
                        + " program uses, such as \"utf-8\", \"shift_jis\", \"euc-jp\" or \"gb18030\"");
        return StandardCharsets.UTF_8;
    }

    private static Duration drain(Arguments arguments) {
        JsonElement value = arguments.get("drainTimeout");
        if (value == null) {
            return DRAIN;
        }
        Optional<Duration> duration = Quantities.seconds(value);
        if (duration.isEmpty()) {
            arguments.wrong("drainTimeout", "drainTimeout", value);
        }
        return duration.orElse(DRAIN);
    }

    private static Optional<OutputCap> cap(Arguments arguments, Path cwd) {
        JsonElement value = arguments.get("outputCap");
        if (value == null) {
            return Optional.empty();
        }
        JsonElement size = value;
        Optional<Path> file = Optional.empty();
        if (value instanceof JsonObject object) {
            size = object.get("size");
            JsonElement path = object.get("path");
            boolean known = size != null && object.size() == (path == null ? 1 : 2);
            if (!known || (path != null && JsonType.of(path) != JsonType.STRING)) {
                arguments.wrong("outputCap", "outputCap", value);
                return Optional.empty();
            }
            file = path == null ? file : spill(arguments, path.getAsString(), cwd);
        }
        OptionalLong bytes = Quantities.bytes(size);
        if (bytes.isEmpty()) {
            arguments.wrong("outputCap", "outputCap", value);
            return Optional.empty();
        }
        return Optional.of(new OutputCap(bytes.getAsLong(), file));
    }

    private static Optional<Path> spill(Arguments arguments, String written, Path cwd) {
        if (written.isEmpty()) {
            arguments.fault(
                    "outputCap", "'outputCap.path' is empty; it must be a file, or be left out for a file of its own");
            return Optional.empty();
        }
        Optional<Path> file = Paths.resolve(arguments, "outputCap", written, cwd);
        if (file.isPresent()) {
            Path parent = file.get().getParent();
            if (Files.isDirectory(file.get()) || parent == null || !Files.isDirectory(parent)) {
                arguments.fault(
                        "outputCap", "'outputCap.path' " + file.get() + " must be a file in a directory that exists");
            }
        }
        return file;
    }
}
