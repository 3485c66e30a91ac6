package dev.gantry.launcher.windows;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A child's environment, as CreateProcessW takes it with CREATE_UNICODE_ENVIRONMENT. Immutable; pure.
 *
 * @param variables by name, whatever its case; the spelling is kept. What begins with '=' comes first: cmd.exe keeps each drive's
 *     directory so ("=C:"), and children inherit it
 */
record EnvironmentBlock(SortedMap<String, String> variables) {
    /**
     * What a cleared environment keeps of ours, unless it is set or removed by name. Without SystemRoot, Winsock does not find
     * its providers (registered as "%SystemRoot%\System32\mswsock.dll"), side-by-side assemblies are not found, and
     * older CPythons have no random numbers and do not start. SystemDrive and windir are in paths that the registry gives to programs
     * in the same way (those of known folders, of COM classes).
     */
    static final List<String> ESSENTIAL = List.of("SystemRoot", "SystemDrive", "windir");

    /**
     * The order of names, ordinal in upper case and of no language, as the documentation of CreateProcessW wants it; equal for names that
     * differ in case only. A character outside ASCII never becomes one of ASCII: java.lang.Character has 'ı' as a small I, and Windows not.
     */
    static final Comparator<String> NAMES =
            Comparator.<String, Boolean>comparing(name -> !name.startsWith("=")).thenComparing(EnvironmentBlock::upper);

    EnvironmentBlock {
        NavigableMap<String, String> copy = new TreeMap<>(NAMES);
        copy.putAll(variables);
        variables = Collections.unmodifiableSortedMap(copy);
    }

    /**
     * From an environment and what a request changes in it.
     *
     * @param inherited ours; of two names that differ in case only, the first counts, as for GetEnvironmentVariable
     * @param clear whether the child starts from nothing but {@link #ESSENTIAL}
     * @param changes in order: a value sets the variable, whatever the case of its name, and gives it this spelling; null removes it
     * @throws UnpassableException if a name is empty, or has '=' after its first character, or a name or value has a NUL or half a character
     */
    static EnvironmentBlock of(Map<String, String> inherited, boolean clear, Map<String, @Nullable String> changes)
            throws UnpassableException {
        NavigableMap<String, String> all = new TreeMap<>(NAMES);
        inherited.forEach(all::putIfAbsent);
        if (clear) {
            NavigableMap<String, String> ours = new TreeMap<>(all);
            all.clear();
            ESSENTIAL.stream().filter(ours::containsKey).forEach(name -> all.put(name, ours.get(name)));
        }
        for (Map.Entry<String, @Nullable String> change : changes.entrySet()) {
            String value = change.getValue();
            check(change.getKey(), value);
            all.remove(change.getKey());
            if (value != null) {
                all.put(change.getKey(), value);
            }
        }
        return new EnvironmentBlock(all);
    }

    /** UTF-16LE: "name=value" and a NUL for each, and one NUL more; two NULs if there is none. */
    byte[] bytes() {
        StringBuilder block = new StringBuilder();
        variables.forEach(
                (name, value) -> block.append(name).append('=').append(value).append('\0'));
        if (block.isEmpty()) {
            block.append('\0');
        }
        return block.append('\0').toString().getBytes(StandardCharsets.UTF_16LE);
    }

    private static void check(String name, @Nullable String value) throws UnpassableException {
        if (name.isEmpty() || name.indexOf('=', 1) >= 0) {
            throw new UnpassableException("'" + name + "' cannot be the name of an environment variable");
        }
        UnpassableException.refuseFlaws("the name of environment variable '" + name.replace("\0", "\\0") + "'", name);
        if (value != null) {
            UnpassableException.refuseFlaws("the value of environment variable " + name, value);
        }
    }

    private static String upper(String name) {
        StringBuilder upper = new StringBuilder(name.length());
        name.chars().forEach(c -> upper.append(upper((char) c)));
        return upper.toString();
    }

    private static char upper(char c) {
        char upper = Character.toUpperCase(c);
        return c >= 0x80 && upper < 0x80 ? c : upper;
    }
}
