package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinBase;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * From a plan to a running process: it inherits three handles and no other, is in its job from its first instruction on, and has
 * a console of its own that nobody sees. Stateless; any thread.
 */
final class Spawner {
    private Spawner() {}

    private static final int EXTENDED_STARTUPINFO_PRESENT = 0x00080000;
    private static final int CREATE_UNICODE_ENVIRONMENT = 0x00000400;
    private static final int CREATE_NO_WINDOW = 0x08000000;
    private static final long ATTRIBUTE_HANDLE_LIST = 0x00020002;
    private static final long ATTRIBUTE_JOB_LIST = 0x0002000D;
    private static final int USE_STANDARD_HANDLES = 0x00000100;
    /** STARTUPINFOEXW: a STARTUPINFOW of 104 bytes, and the attribute list's address. */
    private static final int STARTUP_BYTES = 112;

    private static final int FLAGS_AT = 60;
    private static final int STANDARD_HANDLES_AT = 80;
    private static final int ATTRIBUTES_AT = 104;

    /** Starts it, in a job of its own. */
    static WindowsChild spawn(Plan plan, StandardHandles handles) throws SpawnException {
        Job job = job(plan);
        try {
            WinBase.PROCESS_INFORMATION process = create(plan, handles, job);
            if (process.hProcess == null || process.hThread == null) {
                // As Wine does with a program of Unix: it runs, and is none of Windows'.
                throw refused(plan, WindowsError.BAD_EXE_FORMAT);
            }
            Kernel32.CloseHandle(Pointer.nativeValue(process.hThread.getPointer()));
            return new WindowsChild(
                    Pointer.nativeValue(process.hProcess.getPointer()), process.dwProcessId.intValue(), job);
        } catch (SpawnException | RuntimeException | Error e) {
            job.close();
            throw e;
        }
    }

    private static Job job(Plan plan) throws SpawnException {
        try {
            return Job.create(plan.request().guarded());
        } catch (SystemCallException e) {
            throw new SpawnException(Step.GUARD, plan.program(), e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static WinBase.PROCESS_INFORMATION create(Plan plan, StandardHandles handles, Job job)
            throws SpawnException {
        List<Long> inherited = handles.distinct();
        byte[] environment = plan.environment().bytes();
        byte[] line = (plan.commandLine() + '\0').getBytes(StandardCharsets.UTF_16LE);
        try (Memory startup = new Memory(STARTUP_BYTES);
                Memory handleList = new Memory(8L * inherited.size());
                Memory jobList = new Memory(8);
                Memory block = new Memory(environment.length);
                Memory commandLine = new Memory(line.length);
                AttributeList attributes = AttributeList.ofTwo()) {
            for (int i = 0; i < inherited.size(); i++) {
                handleList.setLong(8L * i, inherited.get(i));
            }
            jobList.setLong(0, job.handle());
            attributes.set(ATTRIBUTE_HANDLE_LIST, handleList);
            attributes.set(ATTRIBUTE_JOB_LIST, jobList);
            startup.clear();
            startup.setInt(0, STARTUP_BYTES);
            startup.setInt(FLAGS_AT, USE_STANDARD_HANDLES);
            for (int childFd = 0; childFd <= 2; childFd++) {
                startup.setLong(STANDARD_HANDLES_AT + 8L * childFd, handles.childs(childFd));
            }
            startup.setLong(ATTRIBUTES_AT, attributes.address());
            block.write(0, environment, 0, environment.length);
            commandLine.write(0, line, 0, line.length);
            handles.truncate();
            WinBase.PROCESS_INFORMATION process = new WinBase.PROCESS_INFORMATION();
            int done = Kernel32.CreateProcessW(
                    new WString(plan.program()),
                    Pointer.nativeValue(commandLine),
                    0,
                    0,
                    1,
                    EXTENDED_STARTUPINFO_PRESENT | CREATE_UNICODE_ENVIRONMENT | CREATE_NO_WINDOW,
                    Pointer.nativeValue(block),
                    new WString(plan.directory()),
                    Pointer.nativeValue(startup),
                    process);
            if (done == 0) {
                throw refused(plan, Kernel32.lastError());
            }
            return process;
        } catch (SystemCallException e) {
            throw new SpawnException(Step.EXECUTE, plan.program(), e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static SpawnException refused(Plan plan, int code) {
        String why = switch (code) {
            case WindowsError.BAD_EXE_FORMAT -> "it is no program that this Windows can run";
            case WindowsError.ELEVATION_REQUIRED -> "it asks for an administrator's rights: start the editor as one";
            case WindowsError.ACCESS_DENIED ->
                "Windows denies it: by the file's permissions, for a guard against viruses, or since we are in a job that allows none within it";
            default -> "Windows refuses";
        };
        return new SpawnException(
                Step.EXECUTE,
                plan.program(),
                code,
                "cannot run " + plan.program() + " in " + plan.directory() + ": " + why + " ["
                        + WindowsError.describe(code) + "]");
    }

    /** Links what the first start needs. */
    static void warmUp() {
        new WinBase.PROCESS_INFORMATION().size();
        Handles.inheritable();
    }
}
