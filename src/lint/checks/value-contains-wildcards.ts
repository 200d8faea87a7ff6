import { wildcardCheck } from '../wildcard-check.ts';

export const valueContainsWildcards = wildcardCheck({
  code: 'value-contains-wildcards',
  modifier: 'contains',
  shape: (parts) => parts[0]?.kind === 'any-run' && parts.at(-1)?.kind === 'any-run',
  cut: (text) => text.slice(1, -1),
  example: ["'*abc*'", 'abc'],
});
