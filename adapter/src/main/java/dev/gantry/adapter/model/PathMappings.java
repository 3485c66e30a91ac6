package dev.gantry.adapter.model;

import java.util.List;

/**
 * Turns the paths of a client into those of its target and back. The longest directory that fits decides; of equal ones the first.
 * A path below none of them stays as it is. Immutable and pure.
 */
public final class PathMappings {
    private final List<PathMapping> mappings;
    private final PathStyle client;
    private final PathStyle target;

    public PathMappings(List<PathMapping> mappings, PathStyle client, PathStyle target) {
        this.mappings = List.copyOf(mappings);
        this.client = client;
        this.target = target;
    }

    public List<PathMapping> list() {
        return mappings;
    }

    public PathStyle client() {
        return client;
    }

    public PathStyle target() {
        return target;
    }

    /** Whether both directions leave every path as it is. */
    public boolean isIdentity() {
        return mappings.isEmpty();
    }

    /** What the target calls a file that the client names. */
    public String toTarget(String path) {
        return mapped(path, true);
    }

    /** What the client calls a file that the target names. */
    public String toClient(String path) {
        return mapped(path, false);
    }

    private String mapped(String path, boolean outwards) {
        PathStyle from = outwards ? client : target;
        PathStyle to = outwards ? target : client;
        String best = "";
        String replacement = "";
        for (PathMapping mapping : mappings) {
            String root = from.bare(outwards ? mapping.local() : mapping.remote());
            if (root.length() > best.length() && isWithin(path, root, from)) {
                best = root;
                replacement = outwards ? mapping.remote() : mapping.local();
            }
        }
        return best.isEmpty() ? path : joined(to.bare(replacement), path.substring(best.length()), from, to);
    }

    private static boolean isWithin(String path, String root, PathStyle style) {
        if (!style.startsWith(path, root)) {
            return false;
        }
        boolean isRoot = style.isSeparator(root.charAt(root.length() - 1));
        return isRoot || path.length() == root.length() || style.isSeparator(path.charAt(root.length()));
    }

    /** @param rest of the path below the directory; it begins with a separator unless that is a root */
    private static String joined(String directory, String rest, PathStyle from, PathStyle to) {
        int start = 0;
        while (start < rest.length() && from.isSeparator(rest.charAt(start))) {
            start++;
        }
        if (start == rest.length()) {
            return directory;
        }
        boolean separated = to.isSeparator(directory.charAt(directory.length() - 1));
        return directory + (separated ? "" : String.valueOf(to.separator())) + from.rest(rest.substring(start), to);
    }
}
