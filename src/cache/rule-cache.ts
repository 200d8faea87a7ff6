import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { isOurs } from './cache-folder.ts';

/** Rule sets that are kept, and what they may take together; those not used for longest go first. */
const MOST_FILES = 16;
const MOST_BYTES = 256 * 1024 * 1024;
/** A file half written by a process that is no more. */
const ABANDONED_MS = 60 * 60 * 1000;

const NAME = /^rules-[0-9a-f]{32}\.bin$/;
const UNFINISHED = /^rules-[0-9a-f]{32}\.bin\.[0-9a-f]{16}\.tmp$/;

/** SHA-256 over the key and the image. */
const DIGEST = 32;

/**
 * Images of rule sets in a folder, by a key that names everything they were made of. A file that is not exactly what was
 * written, or that somebody else could have written, is as good as none. Nothing here fails: a cache that does not work
 * only saves no time.
 */
export class RuleCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The image in shared memory. */
  read(key: string): Uint8Array | undefined {
    try {
      const path = this.#path(key);
      const bytes = readOurs(path);
      if (bytes === undefined || bytes.length < DIGEST) return undefined;
      const image = bytes.subarray(DIGEST);
      if (!digest(key, image).equals(bytes.subarray(0, DIGEST))) return undefined;
      const now = new Date();
      utimesSync(path, now, now);
      return image;
    } catch {
      return undefined;
    }
  }

  /** Whole or not at all: to a file beside it, then renamed, so that others who read or write meanwhile see no part of it. */
  write(key: string, image: Uint8Array): void {
    const path = this.#path(key);
    const beside = `${path}.${randomBytes(8).toString('hex')}.tmp`;
    try {
      const file = openSync(beside, 'w', 0o600);
      try {
        for (const part of [digest(key, image), image]) writeWhole(file, part);
      } finally {
        closeSync(file);
      }
      renameSync(beside, path);
      this.#prune();
    } catch {
      discard(beside);
    }
  }

  #path(key: string): string {
    return join(this.#folder, `rules-${createHash('sha256').update(key).digest('hex').slice(0, 32)}.bin`);
  }

  #prune(): void {
    const names = readdirSync(this.#folder);
    const found = names.flatMap((name) => {
      const path = join(this.#folder, name);
      const info = NAME.test(name) || UNFINISHED.test(name) ? statSync(path, { throwIfNoEntry: false }) : undefined;
      return info === undefined ? [] : [{ name, path, size: info.size, used: info.mtimeMs }];
    });
    let bytes = 0;
    let files = 0;
    for (const { name, path, size, used } of found.toSorted((a, b) => b.used - a.used)) {
      if (UNFINISHED.test(name)) {
        if (used < Date.now() - ABANDONED_MS) discard(path);
        continue;
      }
      bytes += size;
      files++;
      if (files > MOST_FILES || bytes > MOST_BYTES) discard(path);
    }
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays; another run will try again.
  }
}

function digest(key: string, image: Uint8Array): Buffer {
  return createHash('sha256').update(`${key}\n`).update(image).digest();
}

/** The bytes of a plain file that this user alone could write. */
function readOurs(path: string): Uint8Array | undefined {
  // A pipe in its place must not be waited for.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = fstatSync(file);
    if (!info.isFile() || !isOurs(info) || info.size > MOST_BYTES) return undefined;
    const bytes = new Uint8Array(new SharedArrayBuffer(info.size));
    let at = 0;
    while (at < bytes.length) {
      const read = readSync(file, bytes, at, bytes.length - at, at);
      if (read === 0) return undefined;
      at += read;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
