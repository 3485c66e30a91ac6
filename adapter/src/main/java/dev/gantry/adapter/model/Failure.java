package dev.gantry.adapter.model;

/**
 * Why a request is answered with {@code success:false}. All of them are worded in {@code session.Failures}.
 *
 * @param id a stable number, for the error's {@code id} on the wire
 * @param blame who can do something about it
 * @param message one or two sentences for people: what is wrong, and what to do next
 */
public record Failure(int id, Blame blame, String message) {
    /** Who is to act on a failure. */
    public enum Blame {
        /** The user: a wrong attribute, a missing file. Shown to them. */
        USER,
        /** The client: a message that makes no sense. */
        PEER,
        /** Ourselves. */
        BUG,
        /** Nobody: part of normal life, such as asking too late. Not shown. */
        EXPECTED
    }

    /** Whether a client should show it in a dialog. */
    public boolean showUser() {
        return blame == Blame.USER || blame == Blame.BUG;
    }
}
