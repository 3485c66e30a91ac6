package dev.gantry.launcher.linux;

import dev.gantry.launcher.Producer;
import java.util.List;

/** Writes down that it was stopped. */
record StoppedProducer(List<String> heard) implements Producer {
    @Override
    public void pauseProducing() {
        heard.add("paused");
    }

    @Override
    public void resumeProducing() {
        heard.add("resumed");
    }

    @Override
    public void stopProducing() {
        heard.add("stopped");
    }
}
