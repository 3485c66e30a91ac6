package dev.gantry.adapter.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The flags of {@code debugOptions} and {@code options}, which were before there were attributes. */
enum OldFlag {
    STOP_ON_ENTRY("StopOnEntry", "stopOnEntry"),
    DEBUG_STD_LIB("DebugStdLib", "debugStdLib"),
    BREAK_ON_SYSTEM_EXIT_ZERO("BreakOnSystemExitZero", "breakOnSystemExitZero"),
    SHOW_RETURN_VALUE("ShowReturnValue", "showReturnValue"),
    REDIRECT_OUTPUT("RedirectOutput", "redirectOutput"),
    WINDOWS_CLIENT("WindowsClient", "clientOS"),
    UNIX_CLIENT("UnixClient", "clientOS"),
    /** Paths are compared as the system does in any case. */
    FIX_FILE_PATH_CASE("FixFilePathCase", ""),
    DJANGO("Django", "django"),
    FLASK("Flask", "flask"),
    JINJA("Jinja", "jinja"),
    PYRAMID("Pyramid", "pyramid"),
    GEVENT("Gevent", "gevent"),
    MULTIPROCESS("Multiprocess", "subProcess"),
    SUB_PROCESS("SubProcess", "subProcess"),
    SUDO("Sudo", "sudo"),
    WAIT_ON_NORMAL_EXIT("WaitOnNormalExit", "waitOnNormalExit"),
    WAIT_ON_ABNORMAL_EXIT("WaitOnAbnormalExit", "waitOnAbnormalExit");

    private final String text;
    private final String attribute;

    OldFlag(String text, String attribute) {
        this.text = text;
        this.attribute = attribute;
    }

    String text() {
        return text;
    }

    /** What took its place; empty where nothing had to. */
    String attribute() {
        return attribute;
    }

    /** Those that are set. What is none is a warning. */
    static Set<OldFlag> read(Arguments arguments) {
        Set<OldFlag> flags = EnumSet.noneOf(OldFlag.class);
        if (arguments.get("debugOptions") instanceof JsonArray array) {
            for (String name : arguments.elements("debugOptions", array, false)) {
                add(arguments, flags, "debugOptions", name);
            }
        }
        JsonElement options = arguments.get("options");
        for (String option : options == null ? List.<String>of() : split(options.getAsString())) {
            int equals = option.indexOf('=');
            String value =
                    equals < 0 ? "true" : option.substring(equals + 1).strip().toLowerCase(Locale.ROOT);
            String name = equals < 0 ? option : option.substring(0, equals).strip();
            if (bare(name).equals("clientostype")) {
                add(arguments, flags, "options", value + "Client");
            } else if (!value.equals("false") && !value.equals("0") && !value.isEmpty()) {
                add(arguments, flags, "options", name);
            }
        }
        return flags;
    }

    private static List<String> split(String options) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        while (start <= options.length()) {
            int end = options.indexOf(';', start);
            end = end < 0 ? options.length() : end;
            String part = options.substring(start, end).strip();
            if (!part.isEmpty()) {
                parts.add(part);
            }
            start = end + 1;
        }
        return parts;
    }

    private static void add(Arguments arguments, Set<OldFlag> flags, String attribute, String name) {
        Optional<OldFlag> flag = named(name);
        if (flag.isPresent()) {
            flags.add(flag.get());
        } else {
            arguments.warn("'" + attribute + "' has an unknown flag '" + JsonType.shown(name) + "', which is ignored");
        }
    }

    private static Optional<OldFlag> named(String name) {
        String bare = bare(name);
        for (OldFlag flag : values()) {
            if (bare(flag.text).equals(bare)) {
                return Optional.of(flag);
            }
        }
        return switch (bare) {
            case "breaksystemexitzero" -> Optional.of(BREAK_ON_SYSTEM_EXIT_ZERO);
            case "djangodebug" -> Optional.of(DJANGO);
            case "flaskdebug" -> Optional.of(FLASK);
            default -> Optional.empty();
        };
    }

    /** StopOnEntry in debugOptions is STOP_ON_ENTRY in options. */
    private static String bare(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
