// Words of audit records, and of the JSON that is made of them, as the number that their bytes in memory are.
export const TYPE_EQUALS: u64 = 0x3d65707974; // type=
export const NODE_EQUALS: u64 = 0x3d65646f6e; // node=
export const MESSAGE_EQUALS: u64 = 0x3d67736d; // msg=
export const AUDIT_OPEN: u64 = 0x287469647561; // audit(
export const EOE: u64 = 0x454f45; // EOE
export const EXECVE: u64 = 0x455643455845; // EXECVE
export const SYSCALL: u64 = 0x4c4c4143535953; // SYSCALL
export const CWD: u64 = 0x445743; // CWD
export const PROCTITL: u64 = 0x4c544954434f5250; // PROCTITL
export const EXE: u64 = 0x657865; // exe
export const UID: u64 = 0x444955; // UID
export const ARCH: u64 = 0x68637261; // arch
export const SUCCESS: u64 = 0x73736563637573; // success
export const ARGC: u64 = 0x63677261; // argc
export const KEY: u64 = 0x79656b; // key
export const DIRECTORY: u64 = 0x647763; // cwd
export const CALL: u64 = 0x6c6c6163737973; // syscall
export const TITL: u64 = 0x6c746974636f7270; // proctitl
export const NO: u64 = 0x6f6e; // no
export const EXEC: u64 = 0x63657865; // exec
export const ZERO_X: u64 = 0x7830; // 0x
export const SPACE_DELETE: u64 = 0x6574656c65642820; //  (delete
export const D_CLOSE: u64 = 0x2964; // d)
export const X86_64: u64 = 0x6533303030303063; // c000003e
export const AARCH64: u64 = 0x3762303030303063; // c00000b7
export const I386: u64 = 0x3330303030303034; // 40000003
export const ID: u64 = 0x4449; // ID
export const NODE: u64 = 0x45444f4e; // NODE
export const RECORDS: u64 = 0x7364726f636572; // records
export const LINES: u64 = 0x53454e494c; // LINES
export const ARGV: u64 = 0x56475241; // ARGV
export const DERIVED: u64 = 0x64657669726564; // derived
export const TYPE: u64 = 0x65707974; // type
export const TITLE: u64 = 0x656c746974; // title
export const LINE: u64 = 0x656e696c; // line
export const IMAGE: u64 = 0x6567616d49; // Image
export const USER: u64 = 0x72657355; // User
export const VM: u64 = 0x6d76; // vm
export const SW: u64 = 0x7773; // sw
export const CMD: u64 = 0x646d63; // cmd
export const DIR: u64 = 0x726964; // dir
export const COMM: u64 = 0x6d6d6f63; // comm
export const NAME: u64 = 0x656d616e; // name
export const ACCT: u64 = 0x74636361; // acct
export const PATH: u64 = 0x68746170; // path
export const DATA: u64 = 0x61746164; // data
export const FILE: u64 = 0x656c6966; // file
export const OCOMM: u64 = 0x6d6d6f636f; // ocomm
export const WATCH: u64 = 0x6863746177; // watch
export const NEW_DISK: u64 = 0x6b7369642d77656e; // new-disk
export const OLD_DISK: u64 = 0x6b7369642d646c6f; // old-disk

/** How many letters it has. */
@inline
export function lettersOf(word: u64): usize {
  return 8 - (<usize>clz(word) >> 3);
}

/** Are the `length` bytes at `at` the word? */
@inline
export function isWord(at: usize, length: usize, word: u64): bool {
  return length == lettersOf(word) && beginsWith(at, word);
}

/** Do the bytes at `at` begin with the word? */
@inline
export function beginsWith(at: usize, word: u64): bool {
  return (load<u64>(at) & (<u64>-1 >> (<u64>clz(word) & ~7))) == word;
}
