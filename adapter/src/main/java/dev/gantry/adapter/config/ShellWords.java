package dev.gantry.adapter.config;

import java.util.ArrayList;
import java.util.List;

/** Words as a POSIX shell writes and reads them (POSIX.1-2017, 2.2 and 2.3), without a shell and without expansions. */
final class ShellWords {
    private static final String SAFE = "%+,-./:=@_";

    /** What came of a text: its words, or why it has none. */
    sealed interface Split {
        record Words(List<String> words) implements Split {}

        /**
         * A quote or an escape without its end.
         *
         * @param what "single quote"
         * @param position of its first character, counted from 1
         */
        record Unbalanced(String what, int position) implements Split {}
    }

    private ShellWords() {}

    /** Each word quoted where it needs it, with spaces between. */
    static String quoteAll(List<String> words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            if (line.length() > 0) {
                line.append(' ');
            }
            appendQuoted(line, word);
        }
        return line.toString();
    }

    static String quote(String word) {
        return quoteAll(List.of(word));
    }

    private static void appendQuoted(StringBuilder line, String word) {
        if (isSafe(word)) {
            line.append(word);
        } else {
            line.append('\'').append(word.replace("'", "'\\''")).append('\'');
        }
    }

    private static boolean isSafe(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean safe = c < 128 && (Character.isLetterOrDigit(c) || SAFE.indexOf(c) >= 0);
            if (!safe) {
                return false;
            }
        }
        return !word.isEmpty();
    }

    /**
     * Splits at blanks, tabs and newlines outside quotes. Single quotes keep everything; within double quotes a backslash
     * escapes {@code $ ` " \} and newline (which vanishes); outside, any character. A {@code #}, {@code $}, {@code *} or
     * {@code |} is just a character.
     */
    static Split split(String text) {
        return new Splitter(text).run();
    }

    /** One pass over one text. */
    private static final class Splitter {
        private final String text;
        private final List<String> words = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private boolean inWord;
        private int at;

        Splitter(String text) {
            this.text = text;
        }

        Split run() {
            while (at < text.length()) {
                int start = at;
                char c = text.charAt(at++);
                switch (c) {
                    case ' ', '\t', '\n' -> endWord();
                    case '\'' -> {
                        if (!singleQuoted()) {
                            return new Split.Unbalanced("single quote", start + 1);
                        }
                    }
                    case '"' -> {
                        if (!doubleQuoted()) {
                            return new Split.Unbalanced("double quote", start + 1);
                        }
                    }
                    case '\\' -> {
                        if (at == text.length()) {
                            return new Split.Unbalanced("backslash", start + 1);
                        }
                        escaped();
                    }
                    default -> append(c);
                }
            }
            endWord();
            return new Split.Words(words);
        }

        private void append(char c) {
            inWord = true;
            word.append(c);
        }

        private void endWord() {
            if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }

        private boolean singleQuoted() {
            int end = text.indexOf('\'', at);
            if (end < 0) {
                return false;
            }
            inWord = true;
            word.append(text, at, end);
            at = end + 1;
            return true;
        }

        private boolean doubleQuoted() {
            inWord = true;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '"') {
                    return true;
                }
                boolean escape = c == '\\' && at < text.length() && "$`\"\\\n".indexOf(text.charAt(at)) >= 0;
                if (!escape) {
                    word.append(c);
                } else if (text.charAt(at++) != '\n') {
                    word.append(text.charAt(at - 1));
                }
            }
            return false;
        }

        private void escaped() {
            char c = text.charAt(at++);
            if (c != '\n') {
                append(c);
            }
        }
    }
}
