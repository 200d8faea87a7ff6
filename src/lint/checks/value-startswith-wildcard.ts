import { wildcardCheck } from '../wildcard-check.ts';

export const valueStartswithWildcard = wildcardCheck({
  code: 'value-startswith-wildcard',
  modifier: 'startswith',
  shape: (parts) => parts[0]?.kind === 'text' && parts.at(-1)?.kind === 'any-run',
  cut: (text) => text.slice(0, -1),
  example: ["'abc*'", 'abc'],
});
