const LEVELS: ReadonlyMap<string, string> = new Map([
  ['0', 'Untrusted'],
  ['4096', 'Low'],
  ['8192', 'Medium'],
  ['8448', 'Medium'],
  ['12288', 'High'],
  ['16384', 'System'],
  ['S-1-16-0', 'Untrusted'],
  ['S-1-16-4096', 'Low'],
  ['S-1-16-8192', 'Medium'],
  ['S-1-16-8448', 'Medium'],
  ['S-1-16-12288', 'High'],
  ['S-1-16-16384', 'System'],
]);

/** A Windows mandatory level by its relative id or SID, in Sysmon's words; words stay as they are. */
export function integrityLevel(value: string | undefined): string | undefined {
  return value === undefined ? undefined : (LEVELS.get(value) ?? value);
}
