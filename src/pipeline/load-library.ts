import type { LogSource } from '../event/log-source.ts';
import { cachedImage, keepImage } from './cached-image.ts';
import { RuleLibrary } from './rule-library.ts';
import type { RuleTexts } from './rule-texts.ts';

export interface LoadOptions {
  /** Where events come from that do not say it themselves. */
  readonly logSource?: LogSource | undefined;
  /** Where images of rules are kept between runs; undefined: nowhere. */
  readonly cacheFolder?: string | undefined;
  /** What the cache has for these texts, if somebody has looked already. */
  readonly image?: Uint8Array | undefined;
  /** Called before rules are read the slow way, because the cache does not have them. */
  readonly onMiss?: () => void;
}

/** The library of these rules: from the cache where it has them, made and kept there where not. The same either way. */
export async function loadLibrary(texts: RuleTexts, options: LoadOptions = {}): Promise<RuleLibrary> {
  const { cacheFolder, logSource = {}, onMiss } = options;
  const { table, files, guides, pipelines, hash } = texts;
  const open = (image: Uint8Array): RuleLibrary =>
    new RuleLibrary({ image, table, guides, pipelines, hash, givenLogSource: logSource }, files);
  const kept = options.image ?? (cacheFolder === undefined ? undefined : cachedImage(texts, cacheFolder));
  if (kept !== undefined) {
    try {
      return open(kept);
    } catch {
      // Not what we write: as good as none.
    }
  }
  onMiss?.();
  // Neither YAML nor the parser is needed where the cache has the rules.
  const { makeRuleImage } = await import('./make-rule-image.ts');
  const image = makeRuleImage(texts);
  if (cacheFolder !== undefined) keepImage(texts, cacheFolder, image);
  return open(image);
}
