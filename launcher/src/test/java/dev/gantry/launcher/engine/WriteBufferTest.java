package dev.gantry.launcher.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.launcher.Producer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteBufferTest {
    private static final int MARK = WriteBuffer.HIGH_MARK;

    /** Takes {@code room} bytes, then none. */
    private static final class Pipe implements Outlet {
        private final java.io.ByteArrayOutputStream taken = new java.io.ByteArrayOutputStream();
        private int room;
        private boolean broken;
        private boolean wanted;
        private int finished;
        private int brokenCalls;

        @Override
        public void write(ByteBuffer data) throws IOException {
            if (broken) {
                throw new IOException("EPIPE");
            }
            int count = Math.min(room, data.remaining());
            byte[] bytes = new byte[count];
            data.get(bytes);
            taken.writeBytes(bytes);
            room -= count;
        }

        @Override
        public void wantWritable(boolean on) {
            wanted = on;
        }

        @Override
        public void finished() {
            finished++;
        }

        @Override
        public void broken(IOException cause) {
            brokenCalls++;
        }
    }

    private static final class Calls implements Producer {
        private final List<String> heard = new ArrayList<>();
        private Runnable onResume = () -> {};

        @Override
        public void pauseProducing() {
            heard.add("pause");
        }

        @Override
        public void resumeProducing() {
            heard.add("resume");
            onResume.run();
        }

        @Override
        public void stopProducing() {
            heard.add("stop");
        }
    }

    private final Pipe pipe = new Pipe();
    private final List<Throwable> thrown = new ArrayList<>();
    private final WriteBuffer buffer = new WriteBuffer(pipe, this::guarded, "test");
    private final Calls producer = new Calls();

    private void guarded(String where, Runnable code) {
        try {
            code.run();
        } catch (RuntimeException e) {
            thrown.add(e);
        }
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverTheRoomAllBytesComeOutInOrder(long seed) {
        Random random = new Random(seed);
        java.io.ByteArrayOutputStream sent = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < 400; i++) {
            byte[] piece = new byte[random.nextInt(random.nextInt(10) == 0 ? 100_000 : 200)];
            random.nextBytes(piece);
            sent.writeBytes(piece);
            ByteBuffer data = ByteBuffer.wrap(piece.clone());
            buffer.write(data);
            assertThat(data.remaining()).isZero();
            java.util.Arrays.fill(data.array(), (byte) 0);
            pipe.room = random.nextInt(30_000);
            if (pipe.wanted) {
                buffer.writable();
            }
            assertThat(pipe.wanted).isEqualTo(buffer.queuedBytes() > 0);
        }
        pipe.room = Integer.MAX_VALUE;
        buffer.writable();
        assertThat(pipe.taken.toByteArray()).isEqualTo(sent.toByteArray());
        assertThat(buffer.queuedBytes()).isZero();
        assertThat(pipe.wanted).isFalse();
    }

    @Test
    void aPushProducerIsPausedOverTheMarkAndResumedWhenEmpty() {
        buffer.registerProducer(producer, true);
        buffer.write(bytes(MARK));
        assertThat(producer.heard).isEmpty();
        buffer.write(bytes(1));
        buffer.write(bytes(1));
        assertThat(producer.heard).containsExactly("pause");
        pipe.room = MARK + 1;
        buffer.writable();
        assertThat(producer.heard).containsExactly("pause");
        pipe.room = 1;
        buffer.writable();
        assertThat(producer.heard).containsExactly("pause", "resume");
    }

    @Test
    void aPushProducerThatRefillsOnResumeIsPausedAgain() {
        producer.onResume = () -> buffer.write(bytes(MARK + 1));
        buffer.registerProducer(producer, true);
        buffer.write(bytes(MARK + 1));
        for (int i = 0; i < 3; i++) {
            pipe.room = MARK + 1;
            buffer.writable();
        }
        assertThat(producer.heard).containsExactly("pause", "resume", "pause", "resume", "pause", "resume", "pause");
        assertThat(buffer.queuedBytes()).isEqualTo(MARK + 1);
    }

    @Test
    void aPullProducerIsAskedAtOnceAndThenOnceForEachPiece() {
        pipe.room = 1000;
        producer.onResume = () -> buffer.write(bytes(10));
        buffer.registerProducer(producer, false);
        assertThat(producer.heard).containsExactly("resume");
        assertThat(pipe.wanted).isTrue();
        buffer.writable();
        assertThat(producer.heard).hasSize(2);
        pipe.room = 0;
        buffer.writable();
        assertThat(producer.heard).hasSize(3);
        assertThat(buffer.queuedBytes()).isEqualTo(10);
        pipe.room = 5;
        buffer.writable();
        assertThat(producer.heard).hasSize(3);
        pipe.room = 5;
        buffer.writable();
        assertThat(producer.heard).hasSize(4);
    }

    @Test
    void aPullProducerThatAnswersLaterIsNotAskedMeanwhile() {
        pipe.room = 1000;
        buffer.registerProducer(producer, false);
        assertThat(pipe.wanted).isFalse();
        buffer.write(bytes(10));
        assertThat(pipe.wanted).isTrue();
        assertThat(producer.heard).containsExactly("resume");
        buffer.writable();
        assertThat(producer.heard).containsExactly("resume", "resume");
    }

    @Test
    void aPullProducerComesAfterWhatIsQueuedAlready() {
        buffer.write(bytes(10));
        buffer.registerProducer(producer, false);
        assertThat(producer.heard).isEmpty();
        pipe.room = 10;
        buffer.writable();
        assertThat(producer.heard).containsExactly("resume");
    }

    @Test
    void aSecondProducerIsRefused() {
        buffer.registerProducer(producer, true);
        assertThatThrownBy(() -> buffer.registerProducer(new Calls(), true)).isInstanceOf(IllegalStateException.class);
        buffer.unregisterProducer();
        buffer.registerProducer(new Calls(), true);
        assertThat(producer.heard).isEmpty();
    }

    @Test
    void closeWaitsForWhatIsQueued() {
        buffer.write(bytes(10));
        buffer.close();
        buffer.write(bytes(10));
        assertThat(buffer.queuedBytes())
                .as("a write after the close counts for nothing")
                .isEqualTo(10);
        assertThat(pipe.finished).isZero();
        pipe.room = 100;
        buffer.writable();
        buffer.close();
        assertThat(pipe.finished).isEqualTo(1);
        assertThat(pipe.taken.size()).isEqualTo(10);
    }

    @Test
    void closeWaitsForTheProducerWhichMayWriteOn() {
        pipe.room = 100;
        buffer.registerProducer(producer, true);
        buffer.close();
        buffer.write(bytes(10));
        assertThat(pipe.finished).isZero();
        assertThat(pipe.taken.size()).isEqualTo(10);
        buffer.unregisterProducer();
        assertThat(pipe.finished).isEqualTo(1);
    }

    @Test
    void aPullProducerCanUnregisterInItsLastCall() {
        pipe.room = 100;
        producer.onResume = () -> {
            if (producer.heard.size() == 3) {
                buffer.unregisterProducer();
            } else {
                buffer.write(bytes(1));
            }
        };
        buffer.registerProducer(producer, false);
        buffer.close();
        buffer.writable();
        buffer.writable();
        assertThat(pipe.finished).isEqualTo(1);
        assertThat(pipe.taken.size()).isEqualTo(2);
    }

    @Test
    void aProducerOfAClosedBufferIsStoppedAtOnceAndNotRegistered() {
        buffer.write(bytes(1));
        buffer.close();
        buffer.registerProducer(producer, true);
        assertThat(producer.heard).containsExactly("stop");
        pipe.room = 1;
        buffer.writable();
        assertThat(pipe.finished).isEqualTo(1);
    }

    @Test
    void aBrokenOutletDropsTheQueueAndStopsTheProducerOnce() {
        buffer.registerProducer(producer, true);
        buffer.write(bytes(MARK + 1));
        pipe.broken = true;
        buffer.writable();
        buffer.die();
        buffer.close();
        buffer.write(bytes(1));
        assertThat(producer.heard).containsExactly("pause", "stop");
        assertThat(buffer.queuedBytes()).isZero();
        assertThat(pipe.brokenCalls).isEqualTo(1);
        assertThat(pipe.finished).isZero();
    }

    @Test
    void deathStopsTheProducerWhoMayReactToItInAnyWay() {
        Producer rebel = new Producer() {
            @Override
            public void resumeProducing() {}

            @Override
            public void stopProducing() {
                buffer.write(bytes(5));
                buffer.unregisterProducer();
                buffer.registerProducer(producer, true);
                buffer.close();
            }
        };
        buffer.registerProducer(rebel, true);
        buffer.die();
        assertThat(producer.heard).containsExactly("stop");
        assertThat(pipe.taken.size()).isZero();
        assertThat(pipe.finished).isZero();
    }

    @Test
    void aProducerThatThrowsIsReportedAndTheBytesGoOn() {
        producer.onResume = () -> {
            throw new IllegalStateException("mine");
        };
        buffer.registerProducer(producer, true);
        buffer.write(bytes(MARK + 1));
        pipe.room = MARK + 1;
        buffer.writable();
        assertThat(thrown).singleElement().satisfies(error -> assertThat(error).hasMessage("mine"));
        buffer.close();
        buffer.unregisterProducer();
        assertThat(pipe.finished).isEqualTo(1);
    }
}
