/**
 * Names of the system calls that audit rules commonly watch, by number, for logs that auditd did not translate.
 * Numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of the Linux kernel.
 */
export const SYSCALLS_X86_64: ReadonlyMap<string, string> = new Map([
  ['2', 'open'], ['41', 'socket'], ['42', 'connect'], ['43', 'accept'], ['49', 'bind'], ['50', 'listen'], ['56', 'clone'], ['57', 'fork'],
  ['58', 'vfork'], ['59', 'execve'], ['62', 'kill'], ['82', 'rename'], ['83', 'mkdir'], ['84', 'rmdir'], ['85', 'creat'], ['86', 'link'],
  ['87', 'unlink'], ['88', 'symlink'], ['90', 'chmod'], ['91', 'fchmod'], ['92', 'chown'], ['93', 'fchown'], ['94', 'lchown'], ['99', 'sysinfo'],
  ['101', 'ptrace'], ['105', 'setuid'], ['106', 'setgid'], ['113', 'setreuid'], ['117', 'setresuid'], ['119', 'setresgid'], ['133', 'mknod'],
  ['161', 'chroot'], ['164', 'settimeofday'], ['165', 'mount'], ['166', 'umount2'], ['169', 'reboot'], ['170', 'sethostname'], ['171', 'setdomainname'],
  ['175', 'init_module'], ['176', 'delete_module'], ['188', 'setxattr'], ['197', 'removexattr'], ['227', 'clock_settime'], ['246', 'kexec_load'],
  ['248', 'add_key'], ['257', 'openat'], ['258', 'mkdirat'], ['259', 'mknodat'], ['263', 'unlinkat'], ['264', 'renameat'], ['265', 'linkat'],
  ['266', 'symlinkat'], ['268', 'fchmodat'], ['272', 'unshare'], ['288', 'accept4'], ['303', 'name_to_handle_at'], ['304', 'open_by_handle_at'],
  ['308', 'setns'], ['310', 'process_vm_readv'], ['311', 'process_vm_writev'], ['313', 'finit_module'], ['316', 'renameat2'], ['319', 'memfd_create'],
  ['320', 'kexec_file_load'], ['321', 'bpf'], ['322', 'execveat'], ['323', 'userfaultfd'], ['425', 'io_uring_setup'], ['437', 'openat2'],
]);

export const SYSCALLS_AARCH64: ReadonlyMap<string, string> = new Map([
  ['33', 'mknodat'], ['34', 'mkdirat'], ['35', 'unlinkat'], ['37', 'linkat'], ['38', 'renameat'], ['39', 'umount2'], ['40', 'mount'], ['51', 'chroot'],
  ['53', 'fchmodat'], ['56', 'openat'], ['97', 'unshare'], ['104', 'kexec_load'], ['105', 'init_module'], ['106', 'delete_module'], ['117', 'ptrace'],
  ['129', 'kill'], ['142', 'reboot'], ['146', 'setuid'], ['161', 'sethostname'], ['179', 'sysinfo'], ['198', 'socket'], ['200', 'bind'], ['201', 'listen'],
  ['203', 'connect'], ['220', 'clone'], ['221', 'execve'], ['268', 'setns'], ['270', 'process_vm_readv'], ['273', 'finit_module'], ['279', 'memfd_create'],
  ['280', 'bpf'], ['281', 'execveat'],
]);
