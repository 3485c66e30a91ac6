package dev.gantry.adapter.dap;

/**
 * What tells who a message is, picked out of its text without parsing the whole.
 *
 * @param seq the text of the number; empty if none was found
 * @param type "request", "response" or "event", or whatever stood there; empty if none was found
 * @param command empty if none was found
 */
record Envelope(String seq, String type, String command) {
    /** Whether the sender waits for an answer, and can be given one. */
    boolean isAnswerable() {
        return isNumber() && !type.equals("response") && !type.equals("event");
    }

    /** The number; only of an answerable one. */
    long number() {
        return Long.parseLong(seq);
    }

    private boolean isNumber() {
        if (seq.isEmpty() || seq.length() > 15) {
            return false;
        }
        for (int i = 0; i < seq.length(); i++) {
            if (seq.charAt(i) < '0' || seq.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
