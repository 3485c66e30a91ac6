package dev.gantry.adapter.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.adapter.model.PathMapping;
import dev.gantry.adapter.model.PathMappings;
import dev.gantry.adapter.model.PathStyle;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code pathMappings} and {@code clientOS}. */
final class ClientPaths {
    private static final String ATTRIBUTE = "pathMappings";
    private static final String LOCAL = "localRoot";
    private static final String REMOTE = "remoteRoot";

    private ClientPaths() {}

    static PathMappings read(Arguments arguments, Set<OldFlag> flags, Path cwd, Platform platform) {
        PathStyle own = platform == Platform.WINDOWS ? PathStyle.WINDOWS : PathStyle.UNIX;
        PathStyle client = client(arguments, flags, own);
        List<PathMapping> mappings = new ArrayList<>();
        if (arguments.get(ATTRIBUTE) instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                String place = ATTRIBUTE + "[" + i + "]";
                Optional<PathMapping> mapping = mapping(arguments, place, array.get(i), client, own, cwd);
                mapping.ifPresent(mappings::add);
            }
        }
        return new PathMappings(mappings, client, own);
    }

    private static PathStyle client(Arguments arguments, Set<OldFlag> flags, PathStyle own) {
        Optional<String> text = arguments.text("clientOS");
        boolean windows = flags.contains(OldFlag.WINDOWS_CLIENT);
        boolean unix = flags.contains(OldFlag.UNIX_CLIENT);
        if (windows && unix) {
            arguments.fault("debugOptions", "WindowsClient and UnixClient exclude each other; keep one");
        }
        if (text.isPresent()) {
            boolean isWindows = text.get().equals("windows");
            if (isWindows ? unix : windows) {
                arguments.fault(
                        "clientOS",
                        "'clientOS' is \"" + text.get() + "\", and the old flags say "
                                + (isWindows ? OldFlag.UNIX_CLIENT : OldFlag.WINDOWS_CLIENT).text() + "; keep one");
            }
            return isWindows ? PathStyle.WINDOWS : PathStyle.UNIX;
        }
        return windows ? PathStyle.WINDOWS : unix ? PathStyle.UNIX : own;
    }

    private static Optional<PathMapping> mapping(
            Arguments arguments, String place, JsonElement value, PathStyle client, PathStyle own, Path cwd) {
        if (!(value instanceof JsonObject object) || !isMapping(object)) {
            arguments.wrong(ATTRIBUTE, place, value);
            return Optional.empty();
        }
        String local = object.get(LOCAL).getAsString();
        if (!client.isAbsolute(local)) {
            if (client != own || local.contains("${")) {
                arguments.fault(
                        ATTRIBUTE,
                        "'" + place + "." + LOCAL + "' must be an absolute path of the client; it is "
                                + JsonType.describe(object.get(LOCAL)) + Paths.unresolvedHint(local)
                                + hint(client, own));
                return Optional.empty();
            }
            local = below(cwd, local);
        }
        String remote = object.get(REMOTE).getAsString();
        return Optional.of(new PathMapping(local, own.isAbsolute(remote) ? remote : below(cwd, remote)));
    }

    private static String hint(PathStyle client, PathStyle own) {
        return client == own
                ? ""
                : "; 'clientOS' says that the client's paths are those of "
                        + (client == PathStyle.WINDOWS ? "Windows" : "Unix");
    }

    private static boolean isMapping(JsonObject object) {
        return object.size() == 2 && isName(object.get(LOCAL)) && isName(object.get(REMOTE));
    }

    private static boolean isName(@Nullable JsonElement value) {
        return value != null
                && JsonType.of(value) == JsonType.STRING
                && !value.getAsString().isEmpty();
    }

    private static String below(Path cwd, String relative) {
        try {
            return Paths.clean(cwd.resolve(relative)).toString();
        } catch (InvalidPathException e) {
            // No file has such a path, so that nothing is mapped.
            return relative;
        }
    }
}
