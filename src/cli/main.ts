#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

import { cacheFolder } from '../cache/cache-folder.ts';
import { readRulesAhead } from '../pipeline/rules-ahead.ts';
import { resolveQuickly } from './resolve-quickly.ts';
import { ruleFolders } from './rule-folders.ts';

// What is imported from here on need not be compiled again by the next run; so everything else is imported below.
const folder = cacheFolder(!process.argv.includes('--no-cache'));
if (folder !== undefined) {
  enableCompileCache(join(folder, 'code'));
  // Worker threads look here.
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'code');
}

resolveQuickly();
if (process.argv[2] === 'scan') readRulesAhead(ruleFolders(process.argv.slice(3)), folder);

const { run } = await import('./run.ts');
await run();
