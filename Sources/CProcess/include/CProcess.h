#ifndef CPROCESS_H
#define CPROCESS_H

#include <sys/types.h>

/* Starts a program that cannot outlive the thread that calls this function: the system kills it when the thread ends,
 * even if this process is killed (PR_SET_PDEATHSIG in prctl(2)). Foundation cannot do this, because the setting has to
 * be made between fork and exec.
 *
 * `path` is the program, `arguments` and `environment` end with NULL. `streams` are the descriptors of its standard
 * input, output and error. Of the other descriptors, the program gets only the `kept_count` in `kept`, with the same
 * numbers.
 *
 * Returns the process id, or the negative error number if the program cannot be started. The caller waits for the
 * process. */
pid_t cprocess_start(const char *_Nonnull path, char *const _Nullable *_Nonnull arguments,
                     char *const _Nullable *_Nonnull environment, const int *_Nonnull streams,
                     const int *_Nullable kept, int kept_count);

#endif
