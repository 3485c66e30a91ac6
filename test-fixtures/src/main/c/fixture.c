/*
 * The target programs of the tests on Windows, one mode for each behaviour: fixture.exe MODE [ARGUMENT...]. The modes have the
 * names and the behaviour of resources/programs, as far as Windows knows them; "steps" is for scripts. Bytes go through
 * ReadFile and WriteFile alone, so that no runtime translates line ends. Nothing here outlives a forgetful test by more than
 * a minute. Compiled by build/windows.sh; never shipped.
 */
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <shellapi.h>
#include <tlhelp32.h>
#include <stdlib.h>
#include <wchar.h>

enum { STDIN, STDOUT, STDERR };

static const DWORD STANDARD[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
static HANDLE handles[3];

/* ---- bytes and text ---- */

static BOOL put_bytes(HANDLE to, const void *bytes, size_t count) {
    const char *at = bytes;
    while (count > 0) {
        DWORD written = 0;
        if (!WriteFile(to, at, (DWORD) count, &written, NULL)) {
            return FALSE;
        }
        at += written;
        count -= written;
    }
    return TRUE;
}

/* As a broken pipe ends a program elsewhere. */
static void put_or_die(HANDLE to, const void *bytes, size_t count) {
    if (!put_bytes(to, bytes, count)) {
        ExitProcess(1);
    }
}

/* The text in UTF-8, to be freed; half a surrogate pair becomes U+FFFD. */
static char *utf8(const wchar_t *text) {
    int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *bytes = malloc((size_t) size);
    WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, size, NULL, NULL);
    return bytes;
}

static BOOL put_text(HANDLE to, const wchar_t *text) {
    char *bytes = utf8(text);
    BOOL done = put_bytes(to, bytes, strlen(bytes));
    free(bytes);
    return done;
}

static void say(const wchar_t *text) {
    if (!put_text(handles[STDOUT], text)) {
        ExitProcess(1);
    }
}

static void say_number(unsigned long long number) {
    wchar_t text[32];
    swprintf(text, 32, L"%llu\n", number);
    say(text);
}

/* 0 at the end, also of an input that is not there. */
static DWORD get_bytes(void *buffer, DWORD size) {
    DWORD count = 0;
    return ReadFile(handles[STDIN], buffer, size, &count, NULL) ? count : 0;
}

static unsigned long long copy_input(HANDLE to) {
    static char buffer[65536];
    unsigned long long total = 0;
    for (DWORD count; (count = get_bytes(buffer, sizeof buffer)) > 0; total += count) {
        if (to != NULL) {
            put_or_die(to, buffer, count);
        }
    }
    return total;
}

/* Others may read, write, rename and delete it meanwhile, as elsewhere. */
static HANDLE open_file(const wchar_t *path) {
    return CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, CREATE_ALWAYS,
                       FILE_ATTRIBUTE_NORMAL, NULL);
}

static void write_file(const wchar_t *path, const wchar_t *text) {
    HANDLE file = open_file(path);
    if (file == INVALID_HANDLE_VALUE || !put_text(file, text)) {
        ExitProcess(1);
    }
    CloseHandle(file);
}

static void await_file(const wchar_t *path) {
    for (int tries = 0; tries < 3000 && GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES; tries++) {
        Sleep(20);
    }
}

static void close_standard(int number) {
    CloseHandle(handles[number]);
    SetStdHandle(STANDARD[number], NULL);
    handles[number] = NULL;
}

/* ---- other processes: this program again ---- */

static void append(wchar_t *line, const wchar_t *argument) {
    wchar_t *at = line + wcslen(line);
    if (at != line) {
        *at++ = L' ';
    }
    *at++ = L'"';
    for (size_t i = 0; argument[i] != 0; i++) {
        size_t slashes = 0;
        for (; argument[i] == L'\\'; i++) {
            slashes++;
        }
        for (size_t n = argument[i] == L'"' || argument[i] == 0 ? 2 * slashes : slashes; n > 0; n--) {
            *at++ = L'\\';
        }
        if (argument[i] == 0) {
            break;
        }
        if (argument[i] == L'"') {
            *at++ = L'\\';
        }
        *at++ = argument[i];
    }
    *at++ = L'"';
    *at = 0;
}

enum { HOLDING_NOTHING, HOLDING_OUTPUTS };

/* Starts this program with other arguments; prints nothing. Returns its process, or NULL. */
static HANDLE start(int count, wchar_t **arguments, int holding, DWORD flags, DWORD *pid) {
    static wchar_t self[32768], line[32768];
    GetModuleFileNameW(NULL, self, 32768);
    line[0] = 0;
    append(line, self);
    for (int i = 0; i < count; i++) {
        append(line, arguments[i]);
    }
    STARTUPINFOEXW info = {.StartupInfo.cb = sizeof info};
    PROCESS_INFORMATION started;
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    info.lpAttributeList = malloc(size);
    InitializeProcThreadAttributeList(info.lpAttributeList, 1, 0, &size);
    HANDLE list[] = {handles[STDOUT], handles[STDERR]};
    info.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    if (holding == HOLDING_OUTPUTS) {
        info.StartupInfo.hStdOutput = handles[STDOUT];
        info.StartupInfo.hStdError = handles[STDERR];
        size_t listed = list[0] == list[1] ? 1 : 2;
        UpdateProcThreadAttribute(info.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, list, listed * sizeof(HANDLE),
                                  NULL, NULL);
    }
    BOOL done = CreateProcessW(self, line, NULL, NULL, holding == HOLDING_OUTPUTS, flags | EXTENDED_STARTUPINFO_PRESENT, NULL,
                               NULL, &info.StartupInfo, &started);
    DWORD error = GetLastError();
    DeleteProcThreadAttributeList(info.lpAttributeList);
    free(info.lpAttributeList);
    if (!done) {
        SetLastError(error);
        return NULL;
    }
    CloseHandle(started.hThread);
    *pid = started.dwProcessId;
    return started.hProcess;
}

static HANDLE start_and_tell(int count, wchar_t **arguments, int holding, DWORD flags) {
    DWORD pid;
    HANDLE process = start(count, arguments, holding, flags, &pid);
    if (process == NULL) {
        wchar_t text[64];
        swprintf(text, 64, L"refused %lu\n", GetLastError());
        say(text);
        ExitProcess(1);
    }
    say_number(pid);
    return process;
}

static HANDLE start_sleeper(wchar_t *seconds, int holding, DWORD flags) {
    wchar_t *arguments[] = {L"sleep", seconds};
    return start_and_tell(2, arguments, holding, flags);
}

/* ---- describe ---- */

static void say_fact(const wchar_t *kind, const wchar_t *text) {
    say(kind);
    wchar_t one[3] = {0};
    wchar_t *escaped = malloc((2 * wcslen(text) + 2) * sizeof(wchar_t)), *at = escaped;
    for (; *text != 0; text++) {
        one[0] = *text == L'\n' || *text == L'\\' ? L'\\' : *text;
        *at++ = one[0];
        if (one[0] == L'\\') {
            *at++ = *text == L'\n' ? L'n' : L'\\';
        }
    }
    *at++ = L'\n';
    *at = 0;
    say(escaped);
    free(escaped);
}

static const wchar_t *kind_of(HANDLE handle) {
    SetLastError(NO_ERROR);
    switch (GetFileType(handle)) {
        case FILE_TYPE_DISK: return L"file";
        case FILE_TYPE_PIPE: return L"pipe";
        case FILE_TYPE_CHAR: return L"device";
        default: return NULL;
    }
}

/* Files and pipes that are neither standard handles nor a directory, which every process has open: its own. Their numbers are
   the handles' values. */
static void describe_handles(void) {
    wchar_t fact[64];
    for (int number = 0; number < 3; number++) {
        const wchar_t *kind = handles[number] == NULL ? NULL : kind_of(handles[number]);
        if (kind != NULL) {
            swprintf(fact, 64, L"descriptor %d %ls\n", number, kind);
            say(fact);
        }
    }
    for (UINT_PTR value = 4; value < 0x4000; value += 4) {
        HANDLE handle = (HANDLE) value;
        BY_HANDLE_FILE_INFORMATION information;
        const wchar_t *kind = kind_of(handle);
        if (kind == NULL || wcscmp(kind, L"device") == 0 || handle == handles[STDIN] || handle == handles[STDOUT] ||
            handle == handles[STDERR] ||
            (GetFileInformationByHandle(handle, &information) &&
             (information.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0)) {
            continue;
        }
        swprintf(fact, 64, L"descriptor %llu %ls\n", (unsigned long long) value, kind);
        say(fact);
    }
}

static DWORD parent(void) {
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    PROCESSENTRY32W entry = {.dwSize = sizeof entry};
    DWORD found = 0;
    for (BOOL more = Process32FirstW(all, &entry); more; more = Process32NextW(all, &entry)) {
        if (entry.th32ProcessID == GetCurrentProcessId()) {
            found = entry.th32ParentProcessID;
        }
    }
    CloseHandle(all);
    return found;
}

static void describe(int count, wchar_t **arguments) {
    wchar_t *text = malloc(32768 * sizeof(wchar_t));
    describe_handles();
    for (int i = 0; i < count; i++) {
        swprintf(text, 64, L"argument %d ", i + 1);
        say_fact(text, arguments[i]);
    }
    wchar_t *environment = GetEnvironmentStringsW();
    for (wchar_t *variable = environment; *variable != 0; variable += wcslen(variable) + 1) {
        say_fact(L"variable ", variable);
    }
    FreeEnvironmentStringsW(environment);
    GetCurrentDirectoryW(32768, text);
    say_fact(L"directory ", text);
    free(text);
    say(L"pid ");
    say_number(GetCurrentProcessId());
    say(L"parent ");
    say_number(parent());
    say(L"end\n");
}

/* ---- console events and windows ---- */

static const wchar_t *told_file;
static volatile LONG interrupted;

static BOOL WINAPI ignore(DWORD event) {
    put_text(handles[STDERR], event == CTRL_C_EVENT ? L"ignored CTRL_C\n" : L"ignored another event\n");
    return TRUE;
}

static BOOL WINAPI stop_gracefully(DWORD event) {
    if (event != CTRL_C_EVENT) {
        return FALSE;
    }
    put_text(handles[STDOUT], L"interrupted\n");
    write_file(told_file, L"stopped");
    ExitProcess(0);
}

static BOOL WINAPI say_goodbye(DWORD event) {
    if (event != CTRL_C_EVENT) {
        return FALSE;
    }
    InterlockedExchange(&interrupted, 1);
    for (int i = 0; i < 25; i++) {
        put_or_die(handles[STDOUT], "going\n", 6);
        Sleep(20);
    }
    write_file(told_file, L"stopped");
    ExitProcess(0);
}

static void tick(void) {
    for (int ticks = 0; ticks < 3000; ticks++) {
        if (!interrupted) {
            say(L"tick\n");
        }
        Sleep(20);
    }
}

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM first, LPARAM second) {
    if (message == WM_CLOSE) {
        say(L"closed\n");
        if (told_file != NULL) {
            return 0; /* and goes on */
        }
        ExitProcess(0);
    }
    return DefWindowProcW(window, message, first, second);
}

/* Shown, but off every screen. With an argument it says that it was asked to close, and does not. */
static void have_window(const wchar_t *stubborn) {
    told_file = stubborn;
    WNDCLASSW type = {.lpfnWndProc = on_message, .hInstance = GetModuleHandleW(NULL), .lpszClassName = L"fixture"};
    RegisterClassW(&type);
    HWND window = CreateWindowExW(WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, L"fixture", L"fixture", WS_OVERLAPPEDWINDOW | WS_VISIBLE,
                                  -32000, -32000, 100, 100, NULL, NULL, type.hInstance, NULL);
    if (window == NULL) {
        wchar_t text[64];
        swprintf(text, 64, L"no window: %lu\n", GetLastError());
        put_text(handles[STDERR], text);
        ExitProcess(1);
    }
    SetTimer(window, 1, 60000, NULL);
    say(L"ready\n");
    for (MSG message; GetMessageW(&message, NULL, 0, 0) > 0 && message.message != WM_TIMER;) {
        DispatchMessageW(&message);
    }
}

/* ---- load, memory, time ---- */

static void flood(unsigned long long total, const wchar_t *progress) {
    static unsigned char block[251 * 257];
    for (size_t i = 0; i < sizeof block; i++) {
        block[i] = (unsigned char) (i % 251);
    }
    HANDLE file = progress == NULL ? NULL : open_file(progress);
    for (unsigned long long written = 0; written < total;) {
        unsigned long long left = total - written;
        size_t most = sizeof block - 251, piece = left < most ? (size_t) left : most;
        put_or_die(handles[STDOUT], block + written % 251, piece);
        written += piece;
        if (file != NULL) {
            wchar_t text[32];
            swprintf(text, 32, L"%020llu", written);
            SetFilePointer(file, 0, NULL, FILE_BEGIN);
            put_text(file, text);
        }
    }
}

static double processor_seconds(void) {
    FILETIME made, ended;
    ULARGE_INTEGER kernel, user;
    GetProcessTimes(GetCurrentProcess(), &made, &ended, (FILETIME *) &kernel, (FILETIME *) &user);
    return (double) (kernel.QuadPart + user.QuadPart) / 1e7;
}

static void be_busy(int milliseconds) {
    wchar_t text[32];
    while (processor_seconds() * 1000 < milliseconds) {
    }
    swprintf(text, 32, L"%.6f\n", processor_seconds());
    say(text);
}

static void fill(int mebibytes) {
    SIZE_T size = (SIZE_T) mebibytes << 20;
    char *held = VirtualAlloc(NULL, size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    if (held == NULL) {
        ExitProcess(1);
    }
    for (SIZE_T at = 0; at < size; at += 1024) {
        ((volatile char *) held)[at] = 'x';
    }
}

static void crash(const wchar_t *how) {
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    if (how == NULL || wcscmp(how, L"ACCESS_VIOLATION") == 0) {
        *(volatile int *) 8 = 1;
    } else if (wcscmp(how, L"ILLEGAL_INSTRUCTION") == 0) {
        __builtin_trap();
    } else if (wcscmp(how, L"INT_DIVIDE_BY_ZERO") == 0) {
        volatile int zero = 0, some = 7;
        zero = some / zero;
    } else {
        RaiseException((DWORD) wcstoul(how, NULL, 0), EXCEPTION_NONCONTINUABLE, 0, NULL);
    }
}

/* Counts the open handles of a process. */
static void count_handles(ULONG_PTR pid) {
    typedef struct {
        PVOID object;
        ULONG_PTR pid, handle;
        ULONG access;
        USHORT trace, type;
        ULONG attributes, reserved;
    } Entry;
    typedef LONG(NTAPI * Query)(int, PVOID, ULONG, ULONG *);
    Query query = (Query) (void *) GetProcAddress(GetModuleHandleW(L"ntdll"), "NtQuerySystemInformation");
    const int extended_handles = 64;
    const LONG too_small = (LONG) 0xC0000004;
    ULONG size = 1 << 20;
    ULONG_PTR *all = malloc(size);
    LONG status;
    while ((status = query(extended_handles, all, size, NULL)) == too_small) {
        size *= 2;
        all = realloc(all, size);
    }
    if (status < 0) {
        ExitProcess(1);
    }
    Entry *entries = (Entry *) (all + 2);
    unsigned long long found = 0;
    for (ULONG_PTR i = 0; i < all[0]; i++) {
        found += entries[i].pid == pid;
    }
    say_number(found);
    free(all);
}

/* Nothing on a Windows that is one. */
static void say_wine(void) {
    typedef const char *(*Version)(void);
    Version version = (Version) (void *) GetProcAddress(GetModuleHandleW(L"ntdll"), "wine_get_version");
    if (version != NULL) {
        put_bytes(handles[STDOUT], version(), strlen(version()));
    }
}

/* ---- scripts ---- */

static HANDLE children[16];
static DWORD child_count;

static void remember(HANDLE child) {
    children[child_count++] = child;
}

static void zeros(HANDLE to, long count) {
    static const char none[4096];
    for (long left = count; left > 0; left -= (long) sizeof none) {
        put_or_die(to, none, left < (long) sizeof none ? (size_t) left : sizeof none);
    }
}

static void read_line(void) {
    for (char byte = 0; byte != '\n' && get_bytes(&byte, 1) > 0;) {
    }
}

static void take_steps(int count, wchar_t **steps) {
    for (int i = 0; i < count; i++) {
        const wchar_t *step = steps[i];
        int number = i + 1 < count ? _wtoi(steps[i + 1]) : 0;
#define STEP(name, arguments) (wcscmp(step, L##name) == 0 && i + (arguments) < count && (i += (arguments), TRUE))
        if (STEP("out", 1)) {
            say(steps[i]);
        } else if (STEP("err", 1)) {
            put_text(handles[STDERR], steps[i]);
        } else if (STEP("try-out", 1)) {
            put_text(handles[STDOUT], steps[i]);
        } else if (STEP("zeros", 2)) {
            zeros(handles[number], _wtoi(steps[i]));
        } else if (STEP("copy-input", 0)) {
            copy_input(handles[STDOUT]);
        } else if (STEP("copy-input-to", 1)) {
            HANDLE file = open_file(steps[i]);
            copy_input(file);
            CloseHandle(file);
        } else if (STEP("count-input", 0)) {
            say_number(copy_input(NULL));
        } else if (STEP("read-line", 0)) {
            read_line();
        } else if (STEP("await-file", 1)) {
            await_file(steps[i]);
        } else if (STEP("write-file", 2)) {
            write_file(steps[i - 1], steps[i]);
        } else if (STEP("close", 1)) {
            close_standard(number);
        } else if (STEP("say-directory", 0)) {
            wchar_t text[MAX_PATH];
            GetCurrentDirectoryW(MAX_PATH, text);
            say(text);
            say(L"\n");
        } else if (STEP("start-sleeper", 1)) {
            remember(start_sleeper(steps[i], HOLDING_OUTPUTS, 0));
        } else if (STEP("start-apart", 1)) {
            remember(start_sleeper(steps[i], HOLDING_OUTPUTS, DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP));
        } else if (STEP("in-child", 1)) {
            DWORD pid;
            steps[i] = L"steps";
            remember(start(number + 1, steps + i, HOLDING_OUTPUTS, 0, &pid));
            i += number;
        } else if (STEP("await-children", 0)) {
            WaitForMultipleObjects(child_count, children, TRUE, INFINITE);
        } else if (STEP("fill", 1)) {
            fill(number);
        } else if (STEP("sleep", 1)) {
            Sleep(1000 * (DWORD) number);
        } else if (STEP("kill-itself", 0)) {
            TerminateProcess(GetCurrentProcess(), 128 + 9);
        } else if (STEP("exit", 1)) {
            ExitProcess((UINT) number);
        } else {
            put_text(handles[STDERR], L"no such step, or not all of it: ");
            put_text(handles[STDERR], step);
            ExitProcess(2);
        }
    }
}

/* ---- modes ---- */

static int run(const wchar_t *mode, int count, wchar_t **arguments) {
    wchar_t *first = count > 0 ? arguments[0] : NULL;
    DWORD sleep = 1000 * (first != NULL ? (DWORD) _wtoi(first) : 60);
#define MODE(name) (wcscmp(mode, L##name) == 0)
    if (MODE("steps")) {
        take_steps(count, arguments);
    } else if (MODE("echo")) {
        copy_input(handles[STDOUT]);
    } else if (MODE("exit")) {
        return (int) wcstoul(first, NULL, 0);
    } else if (MODE("sleep")) {
        Sleep(sleep);
    } else if (MODE("ready_sleep")) {
        say(L"ready\n");
        Sleep(sleep);
    } else if (MODE("close_stdin")) {
        close_standard(STDIN);
        say(L"ready\n");
        Sleep(sleep);
    } else if (MODE("ignore_term")) {
        SetConsoleCtrlHandler(ignore, TRUE);
        say(L"ready\n");
        Sleep(60000);
    } else if (MODE("double_fork")) {
        start_sleeper(L"60", HOLDING_NOTHING, DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
    } else if (MODE("break_away")) {
        start_sleeper(L"60", HOLDING_NOTHING, DETACHED_PROCESS | CREATE_BREAKAWAY_FROM_JOB);
    } else if (MODE("hold_stdout")) {
        start_sleeper(first != NULL ? first : L"60", HOLDING_OUTPUTS, 0);
    } else if (MODE("late_writer")) {
        wchar_t one[MAX_PATH], two[MAX_PATH];
        swprintf(one, MAX_PATH, L"%ls\\1", first);
        swprintf(two, MAX_PATH, L"%ls\\2", first);
        wchar_t *steps[] = {L"steps", L"await-file", one, L"out", L"late 1\n", L"await-file", two, L"out", L"late 2\n"};
        start_and_tell(9, steps, HOLDING_OUTPUTS, 0);
        return 5;
    } else if (MODE("crash")) {
        crash(first);
    } else if (MODE("describe")) {
        describe(count, arguments);
    } else if (MODE("flood")) {
        flood(_wcstoui64(first, NULL, 10), count > 1 ? arguments[1] : NULL);
    } else if (MODE("graceful_int")) {
        told_file = first;
        SetConsoleCtrlHandler(stop_gracefully, TRUE);
        say(L"ready\n");
        Sleep(60000);
    } else if (MODE("long_goodbye")) {
        told_file = first;
        SetConsoleCtrlHandler(say_goodbye, TRUE);
        say(L"ready\n");
        tick();
    } else if (MODE("memory")) {
        fill(_wtoi(first));
        say(L"ready\n");
        copy_input(NULL);
    } else if (MODE("late_memory")) {
        char byte;
        say(L"ready\n");
        get_bytes(&byte, 1);
        fill(_wtoi(first));
    } else if (MODE("busy")) {
        be_busy(_wtoi(first));
    } else if (MODE("window")) {
        have_window(first);
    } else if (MODE("handles")) {
        count_handles((ULONG_PTR) _wcstoui64(first, NULL, 10));
    } else if (MODE("wine")) {
        say_wine();
    } else {
        put_text(handles[STDERR], L"no such mode\n");
        return 2;
    }
    return 0;
}

/* The runtime's own arguments would have wildcards replaced. */
int wmain(void) {
    int count;
    wchar_t **arguments = CommandLineToArgvW(GetCommandLineW(), &count);
    for (int number = 0; number < 3; number++) {
        handles[number] = GetStdHandle(STANDARD[number]);
    }
    if (count > 1 && wcscmp(arguments[1], L"name") == 0) {
        say(arguments[0]);
        put_or_die(handles[STDOUT], "", 1);
        return 0;
    }
    return count < 2 ? 2 : run(arguments[1], count - 2, arguments + 2);
}
