import { wildcardCheck } from '../wildcard-check.ts';

export const valueEndswithWildcard = wildcardCheck({
  code: 'value-endswith-wildcard',
  modifier: 'endswith',
  shape: (parts) => parts[0]?.kind === 'any-run' && parts.at(-1)?.kind === 'text',
  cut: (text) => text.slice(1),
  example: ["'*abc'", 'abc'],
});
