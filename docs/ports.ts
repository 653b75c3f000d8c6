// The ports of a role as the pages of its action list them, from src/layout/components.ts.
import { type ComponentRecord, components, type FixedPort } from '../src/layout/components.ts';
import { type Role, roles } from '../src/layout/roles.ts';

type Port = ComponentRecord['ports'][string];

/** The words of an action's page, with `{ports}` replaced by the ports of the role that the action is named after. */
export function withPorts(words: string, action: string): string {
  const role = roles.find((each) => each === action);
  return role === undefined ? words : words.replace('{ports}', portsOf(role));
}

function portsOf(role: Role): string {
  const records: readonly ComponentRecord[] = Object.values(components);
  const own = records.filter((record) => record.roles.includes(role)).flatMap(({ ports }) => Object.values(ports));
  const listed = (from: FixedPort['from']) =>
    own
      .filter((port) => port.from === from)
      .toSorted((a, b) => numberOf(a) - numberOf(b))
      .map(
        (port) =>
          `${'protocol' in port && port.protocol === 'udp' ? 'UDP ' : ''}${numberOf(port)} (${'key' in port ? `\`api.${port.key}\`` : port.use})`,
      )
      .join(', ');
  return `${listed('hosts')}; on 127.0.0.1: ${listed('loopback')}`;
}

function numberOf(port: Port): number {
  return 'key' in port ? port.usual : port.port;
}
