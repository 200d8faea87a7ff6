#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

import { cacheFolder } from '../cache/cache-folder.ts';
import { resolveQuickly } from './resolve-quickly.ts';

// What is imported from here on need not be compiled again by the next run; so everything else is imported below.
const folder = cacheFolder(!process.argv.includes('--no-cache'));
if (folder !== undefined) {
  enableCompileCache(join(folder, 'code'));
  // Worker threads look here.
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'code');
}

resolveQuickly();

const { run } = await import('./run.ts');
await run();
