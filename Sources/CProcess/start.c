#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* linux/close_range.h is not on every system. */
static const unsigned close_range_cloexec = 1u << 2;

/* Tells the parent why the program did not start, and ends the child. */
static void fail(int report) {
    int number = errno;
    ssize_t written = write(report, &number, sizeof number);
    _exit(written == sizeof number ? 127 : 126);
}

/* The child between fork and exec: only functions that are safe in a signal handler. */
static void run(const char *path, char *const *arguments, char *const *environment, const int *streams,
                const int *kept, int kept_count, pid_t parent, int report) {
    report = fcntl(report, F_DUPFD_CLOEXEC, 3); /* above the standard streams, which are replaced below */
    sigset_t none;
    sigemptyset(&none);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail(report);
    if (getppid() != parent) _exit(125); /* the parent ended before the setting was made */

    /* Copies above the standard streams, so that no stream overwrites another before it is moved. */
    int copies[3];
    for (int i = 0; i < 3; i++)
        if ((copies[i] = fcntl(streams[i], F_DUPFD_CLOEXEC, 3)) < 0) fail(report);
    for (int i = 0; i < 3; i++)
        if (dup2(copies[i], i) < 0) fail(report);
    syscall(SYS_close_range, 3u, ~0u, close_range_cloexec); /* descriptors here are opened with O_CLOEXEC anyway */
    for (int i = 0; i < kept_count; i++)
        if (fcntl(kept[i], F_SETFD, 0) < 0) fail(report);
    execve(path, arguments, environment);
    fail(report);
}

pid_t cprocess_start(const char *path, char *const *arguments, char *const *environment, const int *streams,
                     const int *kept, int kept_count) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -errno;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) run(path, arguments, environment, streams, kept, kept_count, parent, report[1]);
    int number = child < 0 ? errno : 0;
    close(report[1]);
    if (child > 0) {
        ssize_t count;
        do {
            count = read(report[0], &number, sizeof number);
        } while (count < 0 && errno == EINTR);
        if (count != sizeof number) number = 0; /* exec has closed the pipe */
        if (number != 0) waitpid(child, NULL, 0);
    }
    close(report[0]);
    return number == 0 ? child : -number;
}
