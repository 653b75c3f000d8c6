import { Problem } from '../errors.ts';
import type { Facts } from './engine.ts';
import type { Step } from './step.ts';

/**
 * Refuses packages that are missing on a host which cannot install any. It is known from the first look, so a plan already refuses it.
 * @throws Problem NO_PACKAGE_MANAGER, PACKAGE_FAILED
 */
export function refuseUnfit(steps: readonly Step[], facts: Facts | undefined, host: string): void {
  const needs = steps.flatMap((step) => (step.do === 'package' ? [step.need] : []));
  if (needs.length === 0 || facts === undefined) return;
  const names = needs.map(({ command, instead = [] }) => [command, ...instead].join(' or ')).join(', ');
  if (facts.packageManager === 'none')
    throw new Problem(`the host lacks ${names}, and has none of apt-get, dnf, zypper`, {
      code: 'NO_PACKAGE_MANAGER',
      host,
      hint: `Install what brings ${names} on the host, by its own means.`,
    });
  if (facts.packageManager === 'apt' && facts.isDpkgInterrupted === true)
    throw new Problem(`the host lacks ${names}, and its dpkg was interrupted`, {
      code: 'PACKAGE_FAILED',
      host,
      hint: repair,
    });
}

const repair = 'On the host, as root: dpkg --configure -a && apt-get --fix-broken install';

/** How package managers put a cause, and what cures it. Their words are in English, because LC_ALL=C is set. */
const causes: readonly (readonly [words: RegExp, hint: string])[] = [
  [/dpkg was interrupted|error processing package|--fix-broken|unmet dependencies|--configure -a/i, repair],
  [
    /could not get lock|unable to (?:lock|acquire)|locked by|transaction lock|waiting for process/i,
    'Another process has used the package manager of the host for ten minutes: see ps axf there (unattended-upgrades, apt-daily, packagekit), let it end, and run the job again.',
  ],
  [
    /held (?:broken )?packages|held back|versionlock|filtered out by/i,
    'Packages of the host are held at a version that these need: see apt-mark showhold (or dnf versionlock list, zypper locks) there, and release them.',
  ],
  [
    /temporary failure resolving|could not (?:resolve|connect)|couldn't (?:resolve|connect)|connection (?:timed out|refused|failed)|network is unreachable|no route to host|failed to download metadata|cannot (?:download|prepare) |curl\)? error|timeout exceeded|download .*failed|valid metadata not found/i,
    'The host does not reach its package sources: check its network and DNS, and set proxy in cluster.yaml if it needs one. The proxy of the host itself is not used.',
  ],
  [
    /certificate (?:verify|verification|is not|problem)|SSL/,
    'The host does not trust the certificate of a package source: install ca-certificates or the CA of that mirror on it, and check its clock.',
  ],
  [
    /no_pubkey|expkeysig|not signed|gpg|signature|release file .* (?:expired|not valid yet)/i,
    'The signature of a package source is not accepted: renew its key on the host, and check its clock.',
  ],
  [
    /unable to locate package|no installation candidate|no match for argument|no package .* available|nothing provides|no provider of|not found in package names/i,
    'The package sources of the host do not have this package: enable the one that has it (universe on Ubuntu, AppStream on RHEL), or install the command by hand.',
  ],
  [
    /not registered|subscription/i,
    'The host has no subscription for its package sources: register it, as with subscription-manager register.',
  ],
  [
    /read-only file system|ostree|transactional|externally managed/i,
    'The system of this host is read-only and takes packages only by its own tool (rpm-ostree, transactional-update): install the package with it, and restart the host.',
  ],
];

/** The cure for what a package manager said in its last lines. Pure. @returns nothing for words that are not known */
export function packageHint(detail: string): string | undefined {
  return causes.find(([words]) => words.test(detail))?.[1];
}
