import { RuleCache } from '../cache/rule-cache.ts';
import { readerVersion } from './reader-version.ts';
import type { RuleTexts } from './rule-texts.ts';

/** The image of these rules, where the cache in the folder has it. */
export function cachedImage(texts: RuleTexts, folder: string): Uint8Array | undefined {
  return new RuleCache(folder).read(cacheKey(texts));
}

export function keepImage(texts: RuleTexts, folder: string, image: Uint8Array): void {
  new RuleCache(folder).write(cacheKey(texts), image);
}

/** Everything that decides what is in an image; `hash` is over every byte of rules, pipelines and placeholders. */
function cacheKey({ hash, table, pipelines }: RuleTexts): string {
  return JSON.stringify([readerVersion(), hash, table.names, pipelines.map(({ name }) => name)]);
}
