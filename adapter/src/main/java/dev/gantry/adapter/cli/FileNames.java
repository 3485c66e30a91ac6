package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.Platform;
import java.util.Map;
import java.util.stream.Stream;

/** Which names of files this JVM can use: the locale decides. */
final class FileNames {
    private FileNames() {}

    /** What they are encoded in. */
    static String encoding() {
        return System.getProperty("sun.jnu.encoding", "an unknown encoding");
    }

    /** Whether every name can be used: Windows has its own calls for them, whatever the locale. */
    static boolean areAll() {
        return Platform.current() == Platform.WINDOWS || encoding().equals("UTF-8");
    }

    /** Why a name cannot be used here, and what to do about it. */
    static String advice(Map<String, String> environment) {
        String locale = Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .findFirst()
                .map(name -> name + "=" + environment.get(name))
                .orElse("no locale set");
        String installed = locale.toUpperCase(java.util.Locale.ROOT).contains("UTF") && !areAll()
                ? ", which is not installed here"
                : "";
        return "with " + locale + installed + ", the names of files are in " + encoding()
                + "; set LC_ALL=C.UTF-8 to use all names";
    }
}
