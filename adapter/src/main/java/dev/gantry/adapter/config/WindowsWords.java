package dev.gantry.adapter.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Words as Windows programs that are built with Microsoft's C runtime read them from their command line ("Parsing C command-line
 * arguments" in its documentation): blanks and tabs separate, double quotes hold together, a backslash is itself unless a run of them
 * stands before a double quote. Pure.
 */
public final class WindowsWords {
    private WindowsWords() {}

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

    private static void appendQuoted(StringBuilder line, String word) {
        if (!word.isEmpty() && isPlain(word)) {
            line.append(word);
            return;
        }
        line.append('"');
        int backslashes = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '"') {
                line.append("\\".repeat(backslashes + 1));
            }
            line.append(c);
            backslashes = c == '\\' ? backslashes + 1 : 0;
        }
        line.append("\\".repeat(backslashes)).append('"');
    }

    private static boolean isPlain(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (" \t\n\r\u000B\"".indexOf(word.charAt(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** The words of a text; a quote that is never closed is a fault, though the runtime would forgive it. */
    static ShellWords.Split split(String text) {
        return new Splitter(text).run();
    }

    /**
     * The words of a program's whole command line, its own name first, as the program sees them: in the name a backslash is always
     * itself, and a quote that is never closed reaches to the end.
     */
    public static List<String> ofCommandLine(String line) {
        boolean quoted = false;
        int end = 0;
        while (end < line.length() && (quoted || (line.charAt(end) != ' ' && line.charAt(end) != '\t'))) {
            quoted ^= line.charAt(end) == '"';
            end++;
        }
        Splitter rest = new Splitter(line.substring(end));
        ShellWords.Split unused = rest.run();
        List<String> words = new ArrayList<>();
        words.add(line.substring(0, end).replace("\"", ""));
        words.addAll(rest.words);
        return words;
    }

    /** One pass over one text. */
    private static final class Splitter {
        private final String text;
        private final List<String> words = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private boolean inWord;
        /** Where the open quote is; -1 outside. */
        private int quote = -1;

        private int at;

        Splitter(String text) {
            this.text = text;
        }

        ShellWords.Split run() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (quote < 0 && (c == ' ' || c == '\t')) {
                    endWord();
                    at++;
                } else {
                    inWord = true;
                    part(c);
                }
            }
            endWord();
            return quote < 0
                    ? new ShellWords.Split.Words(words)
                    : new ShellWords.Split.Unbalanced("double quote", quote + 1);
        }

        private void part(char c) {
            if (c == '\\') {
                backslashes();
            } else if (c == '"') {
                quote();
            } else {
                word.append(c);
                at++;
            }
        }

        /** Two before a double quote are one, and what is left over escapes it; anywhere else each is itself. */
        private void backslashes() {
            int start = at;
            while (at < text.length() && text.charAt(at) == '\\') {
                at++;
            }
            int count = at - start;
            boolean beforeQuote = at < text.length() && text.charAt(at) == '"';
            word.append("\\".repeat(beforeQuote ? count / 2 : count));
            if (beforeQuote && count % 2 == 1) {
                word.append('"');
                at++;
            }
        }

        /** Two within quotes are one that does not end them. */
        private void quote() {
            boolean doubled = quote >= 0 && at + 1 < text.length() && text.charAt(at + 1) == '"';
            if (doubled) {
                word.append('"');
                at += 2;
            } else {
                quote = quote < 0 ? at : -1;
                at++;
            }
        }

        private void endWord() {
            if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }
    }
}
