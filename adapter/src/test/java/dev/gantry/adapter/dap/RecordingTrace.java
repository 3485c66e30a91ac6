package dev.gantry.adapter.dap;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told. */
final class RecordingTrace implements Trace {
    final List<String> notes = new CopyOnWriteArrayList<>();
    final List<String> faults = new CopyOnWriteArrayList<>();

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public void received(byte[] body) {}

    @Override
    public void sent(byte[] bytes, int from, int length) {}

    @Override
    public void note(String line) {
        notes.add(line);
    }

    @Override
    public String fault(String where, Throwable error) {
        faults.add(where + ": " + error);
        return "E" + faults.size() + " in a test";
    }

    @Override
    public void close() {}
}
