import { Problem } from '../errors.ts';
import { checkCluster } from './checks.ts';
import type { Cluster } from './cluster.ts';
import { SourceDocument } from './document.ts';
import type { Finding, TextFinding } from './finding.ts';
import { inspectNodes } from './inspect.ts';
import { schemaFindings } from './issues.ts';
import { positionsIn } from './lines.ts';
import { type Opening, openingFindings } from './openings.ts';
import { resolveCluster } from './resolve.ts';
import { type ClusterFile, clusterSchema } from './schema.ts';
import { findSecrets } from './secrets.ts';
import { inspectText, syntaxFindings, tooDeep } from './text.ts';
import { remainderFindings } from './validate-remainder.ts';
import { type VersionName, versionNames } from './versions.ts';

/** The maximum number of reported problems; a file with more is not a cluster file. */
const maxProblems = 100;

/**
 * Reads cluster.yaml.
 * @param file only names the file in problems; nothing is read from it.
 * @throws AggregateError of Problems, each with line, column and hint, in the order of the file. No value that looks
 * like a secret is in them.
 */
export function parseCluster(text: string, file: string): Cluster {
  // Without its byte order mark, so that columns match those of an editor.
  const source = text.replace(/^\uFEFF/, '');
  // Each stage relies on the checks of the one before, and reports everything that it finds.
  refuse(inspectText(source), source, file);
  // Alone and first, because a message of a later stage could quote the secret.
  refuse(findSecrets(source), source, file);
  const document = parseYaml(source, file);
  refuse(syntaxFindings([...document.yaml.errors, ...document.yaml.warnings]), source, file);
  refuse(inspectNodes(document.yaml), source, file);
  const placed = (findings: readonly Finding[]) => findings.map((finding) => placeFinding(finding, document));
  // Used once: to compile the schema takes longer than to walk it.
  const parsed = clusterSchema.safeParse(document.root, { jitless: true });
  if (parsed.success) {
    refuse(placed(checkCluster(parsed.data)), source, file);
    const openings = openingsOf(parsed.data, document, source);
    return { ...resolveCluster(parsed.data), pinned: pinnedIn(document), openings };
  }
  const issues = parsed.error.issues.slice(0, maxProblems);
  const findings = [...schemaFindings(issues, document), ...remainderFindings(document.root, issues)];
  throw problemsAt(placed(findings), source, file);
}

/** The versions that the file names itself. */
function pinnedIn(document: SourceDocument): ReadonlySet<VersionName> {
  const pathOf = (name: VersionName) => (name === 'kubernetes' ? ['kubernetesVersion'] : ['versions', name]);
  return new Set(versionNames.filter((name) => document.value(pathOf(name)) !== undefined));
}

/** The parser recurses once per level, so a very deep file makes it fail. */
function parseYaml(text: string, file: string): SourceDocument {
  try {
    return new SourceDocument(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw problemsAt(tooDeep(Math.max(0, text.search(/(?:[-?:] ){50}/))), text, file);
  }
}

function openingsOf(file: ClusterFile, document: SourceDocument, text: string): readonly Opening[] {
  const at = positionsIn(text);
  return openingFindings(file).map(({ path, ...opening }) => ({ ...opening, ...at(document.offset(path)) }));
}

function placeFinding({ path, atKey, ...rest }: Finding, document: SourceDocument): TextFinding {
  const name = path[0] === 'hosts' && path.length > 1 ? document.source([...path.slice(0, 2), 'name']) : undefined;
  return { ...rest, offset: document.offset(path, atKey), host: name };
}

/** @throws AggregateError if there are findings. */
function refuse(findings: readonly TextFinding[], text: string, file: string): void {
  if (findings.length > 0) throw problemsAt(findings, text, file);
}

function problemsAt(findings: readonly TextFinding[], text: string, file: string): AggregateError {
  const at = positionsIn(text);
  const problems = findings
    .toSorted((a, b) => a.offset - b.offset)
    .slice(0, maxProblems)
    .map(({ code, message, hint, host, offset }) => new Problem(message, { code, hint, host, file, ...at(offset) }));
  const count = findings.length === 1 ? 'a problem' : `${findings.length} problems`;
  return new AggregateError(problems, `${file} has ${count}.`);
}
