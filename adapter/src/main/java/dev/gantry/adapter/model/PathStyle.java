package dev.gantry.adapter.model;

/** How a system writes paths. Pure text: no file system is asked, as the paths may be another machine's. */
public enum PathStyle {
    UNIX('/') {
        @Override
        boolean isSeparator(char c) {
            return c == '/';
        }

        @Override
        boolean areSame(char one, char other) {
            return one == other;
        }

        @Override
        public boolean isAbsolute(String path) {
            return path.startsWith("/");
        }
    },
    /** Letters of either case are the same, and so are the two separators. */
    WINDOWS('\\') {
        @Override
        boolean isSeparator(char c) {
            return c == '\\' || c == '/';
        }

        @Override
        boolean areSame(char one, char other) {
            return Character.toLowerCase(one) == Character.toLowerCase(other)
                    || (isSeparator(one) && isSeparator(other));
        }

        @Override
        public boolean isAbsolute(String path) {
            boolean drive = path.length() > 2
                    && path.charAt(1) == ':'
                    && Character.isLetter(path.charAt(0))
                    && isSeparator(path.charAt(2));
            return drive || (path.length() > 2 && isSeparator(path.charAt(0)) && isSeparator(path.charAt(1)));
        }
    };

    private final char separator;

    PathStyle(char separator) {
        this.separator = separator;
    }

    public char separator() {
        return separator;
    }

    abstract boolean isSeparator(char c);

    /** Whether two characters of a path mean the same. */
    abstract boolean areSame(char one, char other);

    boolean startsWith(String path, String start) {
        if (path.length() < start.length()) {
            return false;
        }
        for (int i = 0; i < start.length(); i++) {
            if (!areSame(path.charAt(i), start.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    public abstract boolean isAbsolute(String path);

    /** The path without separators at its end; a root keeps its own. */
    String bare(String path) {
        int end = path.length();
        int root = isRooted(path) ? 1 : 0;
        if (this == WINDOWS && path.length() > 2 && path.charAt(1) == ':') {
            root = 3;
        }
        while (end > root && isSeparator(path.charAt(end - 1))) {
            end--;
        }
        return path.substring(0, end);
    }

    private boolean isRooted(String path) {
        return !path.isEmpty() && isSeparator(path.charAt(0));
    }

    /** The rest of a path below a directory, written with the separators of {@code other}. */
    String rest(String path, PathStyle other) {
        if (this == other) {
            return path;
        }
        StringBuilder text = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            text.append(isSeparator(c) ? other.separator : c);
        }
        return text.toString();
    }
}
