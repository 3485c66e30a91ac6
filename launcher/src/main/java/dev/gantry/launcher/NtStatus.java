package dev.gantry.launcher;

import java.util.Optional;

/**
 * The NTSTATUS values that end processes on Windows, where they are the exit code: what an exception that nobody handled, the
 * loader or the system itself leaves there. Values and names are those of [MS-ERREF], section 2.3.1, and of ntstatus.h. All of them
 * have severity bits, so that none is an exit code of another system.
 */
public enum NtStatus {
    FATAL_APP_EXIT(0x40000015, "abnormal end by its own runtime"),
    DBG_TERMINATE_PROCESS(
            "DBG_TERMINATE_PROCESS", 0x40010004, "ended by its debugger, or at the end of the Windows session"),
    DBG_CONTROL_C("DBG_CONTROL_C", 0x40010005, "Ctrl+C"),
    DBG_CONTROL_BREAK("DBG_CONTROL_BREAK", 0x40010008, "Ctrl+Break"),
    GUARD_PAGE_VIOLATION(0x80000001, "access to a guard page"),
    DATATYPE_MISALIGNMENT(0x80000002, "misaligned data"),
    BREAKPOINT(0x80000003, "breakpoint without a debugger"),
    SINGLE_STEP(0x80000004, "single step without a debugger"),
    ACCESS_VIOLATION(0xC0000005, "invalid memory access"),
    IN_PAGE_ERROR(0xC0000006, "memory could not be read from its file"),
    INVALID_HANDLE(0xC0000008, "invalid handle"),
    INVALID_PARAMETER(0xC000000D, "invalid parameter"),
    NO_MEMORY(0xC0000017, "out of memory"),
    ILLEGAL_INSTRUCTION(0xC000001D, "illegal instruction"),
    ACCESS_DENIED(0xC0000022, "access denied"),
    NONCONTINUABLE_EXCEPTION(0xC0000025, "went on after an exception that allows none"),
    INVALID_DISPOSITION(0xC0000026, "an exception handler made no sense"),
    BAD_STACK(0xC0000028, "invalid or misaligned stack"),
    INVALID_IMAGE_FORMAT(0xC000007B, "a library is damaged, or of another architecture"),
    ARRAY_BOUNDS_EXCEEDED(0xC000008C, "array index out of bounds"),
    FLOAT_DENORMAL_OPERAND(0xC000008D, "floating-point operand too small"),
    FLOAT_DIVIDE_BY_ZERO(0xC000008E, "floating-point division by zero"),
    FLOAT_INEXACT_RESULT(0xC000008F, "inexact floating-point result"),
    FLOAT_INVALID_OPERATION(0xC0000090, "invalid floating-point operation"),
    FLOAT_OVERFLOW(0xC0000091, "floating-point overflow"),
    FLOAT_STACK_CHECK(0xC0000092, "floating-point stack overflow or underflow"),
    FLOAT_UNDERFLOW(0xC0000093, "floating-point underflow"),
    INTEGER_DIVIDE_BY_ZERO(0xC0000094, "integer division by zero"),
    INTEGER_OVERFLOW(0xC0000095, "integer overflow"),
    PRIVILEGED_INSTRUCTION(0xC0000096, "privileged instruction"),
    INSUFFICIENT_RESOURCES(0xC000009A, "too few system resources"),
    STACK_OVERFLOW(0xC00000FD, "stack overflow"),
    PROCESS_IS_TERMINATING(0xC000010A, "it was ending already"),
    COMMITMENT_LIMIT(0xC000012D, "the system is out of memory"),
    DLL_NOT_FOUND(0xC0000135, "a DLL that it needs was not found"),
    ORDINAL_NOT_FOUND(0xC0000138, "a DLL lacks a function that it needs (by number)"),
    ENTRYPOINT_NOT_FOUND(0xC0000139, "a DLL lacks a function that it needs"),
    CONTROL_C_EXIT(0xC000013A, "ended by Ctrl+C, Ctrl+Break or the closing of its console"),
    DLL_INIT_FAILED(0xC0000142, "a DLL could not be initialized"),
    UNHANDLED_EXCEPTION(0xC0000144, "unhandled exception"),
    POSSIBLE_DEADLOCK(0xC0000194, "possible deadlock"),
    INVALID_EXCEPTION_HANDLER(0xC00001A5, "invalid exception handler"),
    DLL_INIT_FAILED_LOGOFF(0xC000026B, "started while Windows was shutting down"),
    FLOAT_MULTIPLE_FAULTS(0xC00002B4, "several floating-point faults"),
    FLOAT_MULTIPLE_TRAPS(0xC00002B5, "several floating-point traps"),
    HEAP_CORRUPTION(0xC0000374, "damaged heap"),
    STACK_BUFFER_OVERRUN(0xC0000409, "abort() or another fail-fast, or a damaged stack"),
    INVALID_CRUNTIME_PARAMETER(0xC0000417, "invalid parameter to a C runtime function"),
    ASSERTION_FAILURE(0xC0000420, "failed assertion"),
    INVALID_IMAGE_HASH(0xC0000428, "an unsigned or changed file where a signature is required"),
    FAIL_FAST_EXCEPTION(0xC0000602, "fail-fast exception"),
    VIRUS_INFECTED(0xC0000906, "the file was taken for malware");

    private static final NtStatus[] VALUES = values();

    private final String statusName;
    private final int code;
    private final String meaning;

    NtStatus(int code, String meaning) {
        this.statusName = "STATUS_" + name();
        this.code = code;
        this.meaning = meaning;
    }

    NtStatus(String statusName, int code, String meaning) {
        this.statusName = statusName;
        this.code = code;
        this.meaning = meaning;
    }

    /** The exit code; most are negative as a signed integer. */
    public int code() {
        return code;
    }

    /** A few words: "invalid memory access". */
    public String meaning() {
        return meaning;
    }

    /** "STATUS_ACCESS_VIOLATION". */
    public String statusName() {
        return statusName;
    }

    public static Optional<NtStatus> of(int code) {
        for (NtStatus status : VALUES) {
            if (status.code == code) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
