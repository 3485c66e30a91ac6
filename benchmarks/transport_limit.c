/* The least that a C program needs for the cases of transport.py: posix_spawn, three pipes, read(2), write(2), poll(2), waitpid(2).
 *   cc -O2 -o transport_limit transport_limit.c; ./transport_limit CASE
 * Prints microseconds (spawnToExit, echoRoundTrip) or milliseconds (the others), then the processor time in milliseconds and the peak of
 * memory less what there was before, in MiB. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 65536, SPAWNS = 1000, TRIPS = 20000, CHILDREN = 1000 };
static const long long BULK = 1000000000;
static char buffer[PIECE];
extern char **environ;

struct child { pid_t pid; int in, out, err; };

static void die(const char *what) { perror(what); exit(1); }

static struct child start(char *const argv[])
{
	int in[2], out[2], err[2];
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		die("pipe2");
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	posix_spawn_file_actions_adddup2(&actions, err[1], 2);
	struct child child = { 0, in[1], out[0], err[0] };
	if (posix_spawn(&child.pid, argv[0], &actions, NULL, argv, environ))
		die("posix_spawn");
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]); close(out[1]); close(err[1]);
	return child;
}

static long long drain(int fd)
{
	long long all = 0;
	ssize_t n;
	while ((n = read(fd, buffer, PIECE)) > 0)
		all += n;
	return all;
}

static void finish(struct child *child)
{
	close(child->in);
	drain(child->out);
	drain(child->err);
	close(child->out); close(child->err);
	waitpid(child->pid, NULL, 0);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void spawn_to_exit(int times)
{
	char *argv[] = { "/bin/true", NULL };
	for (int i = 0; i < times; i++) {
		struct child child = start(argv);
		finish(&child);
	}
}

static void echo(int times)
{
	char *argv[] = { "/bin/cat", NULL };
	struct child child = start(argv);
	for (int i = 0; i < times; i++) {
		if (write(child.in, buffer, 64) != 64)
			die("write");
		for (int left = 64; left > 0;) {
			ssize_t n = read(child.out, buffer, left);
			if (n <= 0)
				die("read");
			left -= n;
		}
	}
	finish(&child);
}

static void bulk_stdout(void)
{
	char *argv[] = { "/usr/bin/head", "-c", "1000000000", "/dev/zero", NULL };
	struct child child = start(argv);
	fcntl(child.out, F_SETPIPE_SZ, 1 << 20);
	if (drain(child.out) != BULK)
		die("lost");
	finish(&child);
}

static void bulk_stdin(void)
{
	char *argv[] = { "/bin/sh", "-c", "exec cat >/dev/null", NULL };
	struct child child = start(argv);
	fcntl(child.in, F_SETPIPE_SZ, 1 << 20);
	for (long long left = BULK; left > 0;) {
		ssize_t n = write(child.in, buffer, left < PIECE ? left : PIECE);
		if (n <= 0)
			die("write");
		left -= n;
	}
	finish(&child);
}

static void thousand(void)
{
	char *argv[] = { "/bin/cat", NULL };
	static struct child children[CHILDREN];
	static struct pollfd polls[CHILDREN];
	long long all = 0;
	int open = CHILDREN;
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int i = 0; i < CHILDREN; i++)
		children[i] = start(argv);
	for (int i = 0; i < CHILDREN; i++) {
		if (write(children[i].in, buffer, PIECE) != PIECE)
			die("write");
		close(children[i].in);
		children[i].in = -1;
		polls[i] = (struct pollfd) { children[i].out, POLLIN, 0 };
	}
	while (open > 0 && poll(polls, CHILDREN, -1) > 0) {
		for (int i = 0; i < CHILDREN; i++) {
			if (!polls[i].revents)
				continue;
			ssize_t n = read(polls[i].fd, buffer, PIECE);
			if (n > 0) {
				all += n;
			} else {
				polls[i].fd = -1;
				open--;
				finish(&children[i]);
			}
		}
	}
	if (all != (long long) CHILDREN * PIECE)
		die("lost");
}

int main(int argc, char **argv)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	long before = usage.ru_maxrss;
	const char *which = argc == 2 ? argv[1] : "";
	double divide = 1, begun;
	if (!strcmp(which, "spawnToExit")) {
		spawn_to_exit(SPAWNS / 5);
		begun = now();
		spawn_to_exit(SPAWNS);
		divide = SPAWNS / 1e3;
	} else if (!strcmp(which, "echoRoundTrip")) {
		begun = now();
		echo(TRIPS);
		divide = TRIPS / 1e3;
	} else if (!strcmp(which, "bulkStdout")) {
		bulk_stdout();
		begun = now();
		bulk_stdout();
	} else if (!strcmp(which, "bulkStdin")) {
		bulk_stdin();
		begun = now();
		bulk_stdin();
	} else if (!strcmp(which, "thousandChildren")) {
		begun = now();
		thousand();
	} else {
		fprintf(stderr, "usage: transport_limit CASE\n");
		return 2;
	}
	double spent = (now() - begun) / divide;
	getrusage(RUSAGE_SELF, &usage);
	double cpu = usage.ru_utime.tv_sec * 1e3 + usage.ru_utime.tv_usec / 1e3 + usage.ru_stime.tv_sec * 1e3 + usage.ru_stime.tv_usec / 1e3;
	/* The bulk cases ran twice. */
	printf("%f %f %f\n", spent, strncmp(which, "bulk", 4) ? cpu : cpu / 2, (usage.ru_maxrss - before) / 1024.0);
	return 0;
}
