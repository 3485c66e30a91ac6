/* The least that compare.py's cases with output need: starts a Python program and forwards its standard output as output events. No checks, no
 * standard error, no input, ASCII only: no adapter, but what one is measured by.
 *   cc -O2 -o /tmp/adapter_limit benchmarks/adapter_limit.c
 *   benchmarks/compare.py --only run,bulk,lines gantry=./gantry limit=/tmp/adapter_limit
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHUNK = 65536, HEADROOM = 64 };

static void write_all(const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(1, data, size);
		if (n <= 0)
			exit(1);
		data += n;
		size -= n;
	}
}

static void send_text(const char *body)
{
	char header[64];
	int n = snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", strlen(body));
	write_all(header, n);
	write_all(body, strlen(body));
}

static int read_message(char *body, int limit)
{
	char line[256];
	int length = -1;
	while (fgets(line, sizeof line, stdin)) {
		sscanf(line, "Content-Length: %d", &length);
		if (line[0] == '\r')
			break;
	}
	if (length < 0 || length >= limit || fread(body, 1, length, stdin) != (size_t)length)
		return -1;
	body[length] = 0;
	return length;
}

/* the first string after KEY in the message */
static void string_after(const char *body, const char *key, char *out, size_t size)
{
	const char *p = strstr(body, key);
	p = p ? strchr(p + strlen(key), '"') : NULL;
	const char *q = p ? strchr(p + 1, '"') : NULL;
	snprintf(out, size, "%.*s", q ? (int)(q - p - 1) : 0, q ? p + 1 : "");
}

static void forward(int fd)
{
	static const char open[] = "{\"seq\":1,\"type\":\"event\",\"event\":\"output\",\"body\":{\"category\":\"stdout\",\"output\":\"";
	char *in = malloc(CHUNK), *frame = malloc(HEADROOM + sizeof open + 2 * CHUNK + 8);
	ssize_t n;
	while ((n = read(fd, in, CHUNK)) > 0) {
		char *body = frame + HEADROOM, *o = body + sizeof open - 1, header[HEADROOM];
		memcpy(body, open, sizeof open - 1);
		for (ssize_t i = 0; i < n; i++) {
			char c = in[i];
			if (c == '\n') {
				*o++ = '\\';
				c = 'n';
			} else if (c == '"' || c == '\\') {
				*o++ = '\\';
			}
			*o++ = c;
		}
		memcpy(o, "\"}}", 3);
		o += 3;
		int h = snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", (size_t)(o - body));
		memcpy(body - h, header, h);
		write_all(body - h, o - body + h);
	}
}

int main(void)
{
	char *body = malloc(1 << 20), text[512], program[512], python[512];
	while (read_message(body, 1 << 20) > 0) {
		const char *p = strstr(body, "\"seq\": ");
		snprintf(text, sizeof text, "{\"seq\":1,\"type\":\"response\",\"request_seq\":%d,\"success\":true,\"command\":\"x\",\"body\":{}}",
			 p ? atoi(p + 7) : 0);
		send_text(text);
		if (strstr(body, "\"command\": \"disconnect\""))
			return 0;
		if (!strstr(body, "\"command\": \"launch\""))
			continue;
		string_after(body, "\"program\":", program, sizeof program);
		string_after(body, "\"python\":", python, sizeof python);
		int ends[2], status;
		if (pipe2(ends, O_CLOEXEC))
			return 1;
		fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
		if (!vfork()) {
			dup2(ends[1], 1);
			execl(python, python, "-u", program, NULL);
			_exit(127);
		}
		close(ends[1]);
		forward(ends[0]);
		wait(&status);
		snprintf(text, sizeof text, "{\"seq\":1,\"type\":\"event\",\"event\":\"exited\",\"body\":{\"exitCode\":%d}}", WEXITSTATUS(status));
		send_text(text);
		send_text("{\"seq\":1,\"type\":\"event\",\"event\":\"terminated\"}");
	}
}
