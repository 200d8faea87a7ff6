// Commands accounted by a Cisco router's AAA, as one line of syslog in `message`.
import { iso } from '../../tools/example/time.ts';
import type { Micros } from '../../tools/example/time.ts';
import type { Lane, LaneEvent, Part } from './lane.ts';

const COMMANDS = [
  'show inventory',
  'ping vrf',
  'write memory',
  'terminal length',
  'interface GigabitEthernet0',
  'mtu',
  'switchport access vlan',
  'spanning-tree vlan',
  'exit to',
] as const;

const HITS = [
  { command: 'clear logging archive', rule: 'Log of a router cleared' },
  { command: 'no logging host 198.51.100.7 id', rule: 'Logging of a router turned off' },
] as const;

export const cisco: Lane = {
  name: 'cisco',
  title: 'Cisco, syslog',
  shape: 'sigma',
  writer(values) {
    const { random } = values;
    const user = values.pool(40, () => `op-${values.word()}`);
    const command = values.pool(400, () => `${random.pick([...COMMANDS])} ${values.word()}`);
    let hits = 0;
    return (part: Part): LaneEvent => {
      const time = values.begin();
      const hit = part === 'hit' ? HITS[hits++ % HITS.length] : undefined;
      const typed = hit === undefined ? command() : `${hit.command} ${values.word()}`;
      return {
        // The category, because SigmaHQ has `aaa` for a keyword: a record that names its service so matches always.
        record: {
          product: 'cisco',
          category: 'accounting',
          message: `${syslogTime(time)}: %PARSER-5-CFGLOG_LOGGEDCMD: User:${values.account(user())} logged command:${typed}`,
        },
        startsProcess: false,
        ...(hit === undefined ? {} : { rule: hit.rule }),
      };
    };
  },
};

/** `Mar  2 08:00:01.123` */
function syslogTime(time: Micros): string {
  const text = iso(time, 3);
  return `Mar ${String(Number(text.slice(8, 10))).padStart(2)} ${text.slice(11, 23)}`;
}
