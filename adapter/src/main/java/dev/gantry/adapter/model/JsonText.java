package dev.gantry.adapter.model;

/** JSON as text. Pure. */
public final class JsonText {
    private JsonText() {}

    /**
     * The same text with every surrogate that stands alone escaped: in UTF-8 it would be lost. Python's strings hold such where bytes
     * were no valid text.
     *
     * @param json in which such characters stand only within strings
     */
    public static String wellFormed(String json) {
        int length = json.length();
        for (int i = 0; i < length; i++) {
            char c = json.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (isPair(json, i)) {
                i++;
            } else {
                return escaped(json, i);
            }
        }
        return json;
    }

    private static boolean isPair(String json, int at) {
        return Character.isHighSurrogate(json.charAt(at))
                && at + 1 < json.length()
                && Character.isLowSurrogate(json.charAt(at + 1));
    }

    private static String escaped(String json, int first) {
        StringBuilder text = new StringBuilder(json.length() + 16).append(json, 0, first);
        for (int i = first; i < json.length(); i++) {
            char c = json.charAt(i);
            if (!Character.isSurrogate(c)) {
                text.append(c);
            } else if (isPair(json, i)) {
                text.append(c).append(json.charAt(++i));
            } else {
                text.append("\\u").append(Integer.toHexString(c));
            }
        }
        return text.toString();
    }
}
