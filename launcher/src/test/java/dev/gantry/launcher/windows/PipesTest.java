package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.AccCtrl;
import com.sun.jna.platform.win32.Advapi32;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.ptr.PointerByReference;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pipes and standard handles without a child. */
@Tag("windows")
@ExtendWith(LeakCheck.class)
@Timeout(60)
class PipesTest {
    private static final int STD_ERROR = -12;

    @Test
    void aReadOfWhatIsNotThereTellsThePortNothing() throws Exception {
        PipePair pair = PipePair.childWrites();
        try (CompletionPort port = new CompletionPort();
                ReadBuffers buffers = new ReadBuffers()) {
            port.associate(pair.ours(), "the pipe");
            assertThat(buffers.read(pair.ours(), 10, (buffer, bytes) -> {})).isZero();
            List<String> taken = new ArrayList<>();
            write(pair.childs(), "data");
            buffers.read(
                    pair.ours(),
                    10,
                    (buffer, bytes) -> taken.add(StandardCharsets.UTF_8
                            .decode(buffer.asReadOnlyBuffer().position(0).limit(bytes))
                            .toString()));
            assertThat(taken).containsExactly("data");
            assertThat(packetsIn(port)).isZero();
        } finally {
            Kernel32.CloseHandle(pair.childs());
            Kernel32.CloseHandle(pair.ours());
        }
    }

    private static void write(long handle, String text) {
        ByteBuffer data = ByteBuffer.allocateDirect(text.length()).put(text.getBytes(StandardCharsets.UTF_8));
        ByteBuffer written = ByteBuffer.allocateDirect(4);
        assertThat(Kernel32.WriteFile(handle, Kernel32.address(data), text.length(), Kernel32.address(written), 0))
                .isNotZero();
    }

    private static int packetsIn(CompletionPort port) {
        ByteBuffer packets = ByteBuffer.allocateDirect(32 * 8);
        ByteBuffer count = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
        int some = Kernel32.GetQueuedCompletionStatusEx(
                port.handle(), Kernel32.address(packets), 8, Kernel32.address(count), 0, 0);
        return some == 0 ? 0 : count.getInt(0);
    }

    @Test
    void nobodyButTheOwnerMayOpenAPipe() throws Exception {
        for (PipePair pair : List.of(PipePair.childReads(), PipePair.childWrites())) {
            assertThat(whoMayOpen(pair.ours())).containsExactly("S-1-3-4");
            Kernel32.CloseHandle(pair.childs());
            Kernel32.CloseHandle(pair.ours());
        }
    }

    /** The identifiers that an object's access list allows something. */
    private static List<String> whoMayOpen(long handle) {
        PointerByReference list = new PointerByReference();
        PointerByReference descriptor = new PointerByReference();
        assertThat(Advapi32.INSTANCE.GetSecurityInfo(
                        new WinNT.HANDLE(Pointer.createConstant(handle)),
                        AccCtrl.SE_OBJECT_TYPE.SE_KERNEL_OBJECT,
                        WinNT.DACL_SECURITY_INFORMATION,
                        null,
                        null,
                        list,
                        null,
                        descriptor))
                .isZero();
        List<String> who = new ArrayList<>();
        for (WinNT.ACE_HEADER entry : new WinNT.ACL(list.getValue()).getACEs()) {
            who.add(((WinNT.ACCESS_ALLOWED_ACE) entry).getSidString());
        }
        return who;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void whatWeWereNotGivenCannotBeInherited(long none) throws Exception {
        long own = Kernel32.GetStdHandle(STD_ERROR);
        Kernel32.SetStdHandle(STD_ERROR, none);
        try {
            OwnHandles handles = OwnHandles.now();
            assertThatThrownBy(() -> handles.copy(2))
                    .isInstanceOfSatisfying(SpawnException.class, failure -> {
                        assertThat(failure.step()).isEqualTo(Step.DESCRIPTORS);
                        assertThat(failure.file()).isEqualTo("descriptor 2");
                        assertThat(failure.errno()).isEqualTo(WindowsError.INVALID_HANDLE);
                    })
                    .hasMessageContaining("we were started without one");
        } finally {
            Kernel32.SetStdHandle(STD_ERROR, own);
        }
    }
}
