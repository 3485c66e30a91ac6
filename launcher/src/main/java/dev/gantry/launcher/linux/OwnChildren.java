package dev.gantry.launcher.linux;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Our own children at one moment, and how they can have become that. Children hang on the thread that made them: on one that is not
 * the main thread they were made here. Adopted ones hang on the main thread, and so do those whose thread has ended.
 *
 * @param madeHere for each child whether it surely was made by this JVM
 * @param complete false if a list could not be read: nothing may be concluded from who is not there
 * @param tellsMakers false if this kernel does not tell on whose list a child hangs, or the main thread has ended: adopted ones hang on
 *     any thread then
 */
record OwnChildren(Map<Long, Boolean> madeHere, boolean complete, boolean tellsMakers) {
    static OwnChildren now(ProcFs proc) {
        Sight self = proc.sight(proc.self());
        if (!(self instanceof Sight.Found found)) {
            return new OwnChildren(Map.of(), false, false);
        }
        if (!proc.keepsLists()) {
            return allAlike(proc.childLookup().of(found.stat()));
        }
        boolean mainThreadLives = found.stat().state() != 'Z';
        ProcFs.Numbers threads = proc.threads(proc.self());
        boolean complete = threads.complete();
        Map<Long, Boolean> madeHere = new LinkedHashMap<>();
        for (long thread : threads.numbers()) {
            ChildLookup.Children children = proc.childrenOfThread(proc.self(), thread);
            complete &= children.complete();
            for (long pid : children.pids()) {
                // The first word counts: one that is met a second time has lost its thread meanwhile.
                madeHere.putIfAbsent(pid, mainThreadLives && thread != proc.self());
            }
        }
        return new OwnChildren(madeHere, complete, mainThreadLives);
    }

    private static OwnChildren allAlike(ChildLookup.Children children) {
        Map<Long, Boolean> madeHere = new LinkedHashMap<>();
        for (long pid : children.pids()) {
            madeHere.put(pid, false);
        }
        return new OwnChildren(madeHere, children.complete(), false);
    }
}
