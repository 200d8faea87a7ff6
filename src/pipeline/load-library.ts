import type { LogSource } from '../event/log-source.ts';
import { RuleCache } from '../cache/rule-cache.ts';
import { readerVersion } from './reader-version.ts';
import { RuleLibrary } from './rule-library.ts';
import type { RuleTexts } from './rule-texts.ts';

export interface LoadOptions {
  /** Where events come from that do not say it themselves. */
  readonly logSource?: LogSource;
  /** Where images of rules are kept between runs; undefined: nowhere. */
  readonly cacheFolder?: string | undefined;
}

/** The library of these rules: from the cache where it has them, made and kept there where not. The same either way. */
export async function loadLibrary(texts: RuleTexts, options: LoadOptions = {}): Promise<RuleLibrary> {
  const { cacheFolder, logSource = {} } = options;
  const cache = cacheFolder === undefined ? undefined : new RuleCache(cacheFolder);
  const key = cache && cacheKey(texts);
  let image = key === undefined ? undefined : cache?.read(key);
  if (image === undefined) {
    // Neither YAML nor the parser is needed where the cache has the rules.
    const { makeRuleImage } = await import('./make-rule-image.ts');
    image = makeRuleImage(texts);
    if (key !== undefined) cache?.write(key, image);
  }
  const { table, files, pipelines, hash } = texts;
  return new RuleLibrary({ image, table, pipelines, hash, givenLogSource: logSource }, files);
}

/** Everything that decides what is in an image; `hash` is over every byte of rules, pipelines and placeholders. */
function cacheKey({ hash, table, pipelines }: RuleTexts): string {
  return JSON.stringify([readerVersion(), hash, table.names, pipelines.map(({ name }) => name)]);
}
