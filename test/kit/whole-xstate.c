/*
 * Debian's user-mode-linux 6.1 keeps 2,696 bytes of a process's extended registers, what AVX-512 needs. On a machine with AMX
 * the kernel has 11,008, and takes them only whole (xstateregs_set in arch/x86/kernel/fpu/regset.c): user-mode-linux then dies at
 * its first process. Preloaded, this hands it its part of the whole, and puts that part back into the whole.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

typedef long (*ptrace_call)(int, pid_t, void *, void *);

/* Not on the stack, which is small in there. */
static char whole[64 * 1024];

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

long ptrace(enum __ptrace_request request, ...)
{
	static ptrace_call next;
	va_list rest;
	va_start(rest, request);
	pid_t pid = va_arg(rest, pid_t);
	void *addr = va_arg(rest, void *);
	void *data = va_arg(rest, void *);
	va_end(rest);
	if (!next)
		next = (ptrace_call)dlsym(RTLD_NEXT, "ptrace");
	int is_set = (int)request == PTRACE_SETREGSET;
	if ((!is_set && (int)request != PTRACE_GETREGSET) || (long)addr != NT_X86_XSTATE)
		return next(request, pid, addr, data);
	struct iovec *part = data;
	struct iovec all = { whole, sizeof(whole) };
	long outcome = next(PTRACE_GETREGSET, pid, addr, &all);
	if (outcome < 0)
		return outcome;
	size_t size = least(part->iov_len, all.iov_len);
	if (is_set) {
		memcpy(whole, part->iov_base, size);
		return next(PTRACE_SETREGSET, pid, addr, &all);
	}
	memcpy(part->iov_base, whole, size);
	part->iov_len = size;
	return outcome;
}
