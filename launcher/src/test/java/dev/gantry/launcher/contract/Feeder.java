package dev.gantry.launcher.contract;

import dev.gantry.launcher.Producer;
import java.util.ArrayList;
import java.util.List;

/** A producer that writes down what it is told, and on each {@code resumeProducing} does as asked. Reactor's thread. */
final class Feeder implements Producer {
    private final List<String> told = new ArrayList<>();
    private final Runnable onResume;

    Feeder() {
        this(() -> {});
    }

    Feeder(Runnable onResume) {
        this.onResume = onResume;
    }

    @Override
    public void pauseProducing() {
        add("pause");
    }

    @Override
    public void resumeProducing() {
        add("resume");
        onResume.run();
    }

    @Override
    public void stopProducing() {
        add("stop");
    }

    private void add(String what) {
        synchronized (told) {
            told.add(what);
        }
    }

    List<String> told() {
        synchronized (told) {
            return List.copyOf(told);
        }
    }
}
