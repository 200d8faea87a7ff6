#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

import { cacheFolder } from '../cache/cache-folder.ts';

// Events live for a moment: a young generation that grows, and a heap that may double before it is looked through, only
// let more garbage lie (docs/decisions/2026-11-24-threads-and-memory.md).
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=50');

// What is imported from here on need not be compiled again by the next run; so everything else is imported below.
const folder = cacheFolder(!process.argv.includes('--no-cache'));
if (folder !== undefined) enableCompileCache(join(folder, 'code'));

const { run } = await import('./run.ts');
await run();
