import type { LogSource } from '../event/log-source.ts';
import { RuleCache } from '../cache/rule-cache.ts';
import { readerVersion } from './reader-version.ts';
import { RuleLibrary } from './rule-library.ts';
import type { RuleTexts } from './rule-texts.ts';

export interface LoadOptions {
  /** Where events come from that do not say it themselves. */
  readonly logSource?: LogSource | undefined;
  /** Where images of rules are kept between runs; undefined: nowhere. */
  readonly cacheFolder?: string | undefined;
  /** Called before rules are read the slow way, because the cache does not have them. */
  readonly onMiss?: () => void;
}

/** The library of these rules: from the cache where it has them, made and kept there where not. The same either way. */
export async function loadLibrary(texts: RuleTexts, options: LoadOptions = {}): Promise<RuleLibrary> {
  const { cacheFolder, logSource = {}, onMiss } = options;
  const { table, files, pipelines, hash } = texts;
  const cache = cacheFolder === undefined ? undefined : { at: new RuleCache(cacheFolder), key: cacheKey(texts) };
  let image = cache?.at.read(cache.key);
  if (image === undefined) {
    onMiss?.();
    // Neither YAML nor the parser is needed where the cache has the rules.
    const { makeRuleImage } = await import('./make-rule-image.ts');
    image = makeRuleImage(texts);
    cache?.at.write(cache.key, image);
  }
  return new RuleLibrary({ image, table, pipelines, hash, givenLogSource: logSource }, files);
}

/** Everything that decides what is in an image; `hash` is over every byte of rules, pipelines and placeholders. */
function cacheKey({ hash, table, pipelines }: RuleTexts): string {
  return JSON.stringify([readerVersion(), hash, table.names, pipelines.map(({ name }) => name)]);
}
